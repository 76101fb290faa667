package main

import (
	"context"
	"net/url"
	"testing"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/property"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// world is a mended simulator that serves, and a client that has logged in.
type world struct {
	t      *testing.T
	ctx    context.Context
	model  *simulator.Model
	client *govmomi.Client
	finder *find.Finder
	url    *url.URL
}

func serving(t *testing.T, templates ...string) *world {
	t.Helper()
	s := &settings{listen: "127.0.0.1:0", user: "u", password: "p", hosts: 2}
	model, err := inventory(s)
	must(t, err)
	t.Cleanup(model.Remove)
	ctx := context.Background()
	must(t, addTemplates(ctx, model, templates))
	mend(model, false)
	server, err := serve(model, s)
	must(t, err)
	t.Cleanup(server.Close)
	client, err := govmomi.NewClient(ctx, server.URL, true)
	must(t, err)
	w := &world{t: t, ctx: ctx, model: model, client: client, finder: find.NewFinder(client.Client), url: server.URL}
	datacenter, err := w.finder.DefaultDatacenter(ctx)
	must(t, err)
	w.finder.SetDatacenter(datacenter)
	return w
}

// machine makes one as a provider would, without power.
func (w *world) machine(name string) *object.VirtualMachine {
	w.t.Helper()
	folder, err := w.finder.DefaultFolder(w.ctx)
	must(w.t, err)
	pool, err := w.finder.DefaultResourcePool(w.ctx)
	must(w.t, err)
	spec, err := templateSpec(w.ctx, w.finder, name)
	must(w.t, err)
	task, err := folder.CreateVM(w.ctx, *spec, pool, nil)
	must(w.t, err)
	made, err := task.WaitForResult(w.ctx, nil)
	must(w.t, err)
	return object.NewVirtualMachine(w.client.Client, made.Result.(types.ManagedObjectReference))
}

func (w *world) reconfigure(vm *object.VirtualMachine, spec types.VirtualMachineConfigSpec) error {
	task, err := vm.Reconfigure(w.ctx, spec)
	if err != nil {
		return err
	}
	return task.Wait(w.ctx)
}

func (w *world) read(vm *object.VirtualMachine) mo.VirtualMachine {
	w.t.Helper()
	var seen mo.VirtualMachine
	collector := property.DefaultCollector(w.client.Client)
	must(w.t, collector.RetrieveOne(w.ctx, vm.Reference(), []string{"config", "runtime", "name"}, &seen))
	return seen
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
