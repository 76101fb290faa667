package main

import (
	"log"
	"sync"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/simulator/esx"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// mend makes the simulator answer as a vCenter does where a stack would see the difference.
func mend(model *simulator.Model, trace bool) {
	reportHardware(model)
	notes := &notebook{notes: map[types.ManagedObjectReference]*note{}}
	model.Map().Handler = func(ctx *simulator.Context, call *simulator.Method) (mo.Reference, types.BaseMethodFault) {
		if trace {
			log.Printf("%s %s", call.Name, call.This)
		}
		if ctx.Session != nil {
			notes.prepare(ctx, call)
		}
		return nil, nil
	}
}

// reportHardware fills in what QueryConfigOption leaves out: without a number the provider takes every
// machine's hardware for outdated and upgrades it on each update.
func reportHardware(model *simulator.Model) {
	for _, ref := range model.Map().AllReference("EnvironmentBrowser") {
		browser := ref.(*simulator.EnvironmentBrowser)
		browser.QueryConfigOptionResponse.Returnval = &types.VirtualMachineConfigOption{
			Version:         hardware,
			HardwareOptions: types.VirtualHardwareOption{HwVersion: hardwareNumber},
			DefaultDevice:   esx.VirtualDevice,
		}
	}
}

// note is what the simulator forgets about one machine. booted: its container runs already, ahead of PowerOn.
type note struct {
	annotation string
	booted     bool
}

// notebook holds the notes of all machines.
type notebook struct {
	sync.Mutex
	notes map[types.ManagedObjectReference]*note
}

func (n *notebook) of(ref types.ManagedObjectReference) *note {
	n.Lock()
	defer n.Unlock()
	if n.notes[ref] == nil {
		n.notes[ref] = &note{}
	}
	return n.notes[ref]
}

// prepare readies what a call is about to touch.
func (n *notebook) prepare(ctx *simulator.Context, call *simulator.Method) {
	switch body := call.Body.(type) {
	case *types.RetrieveProperties:
		n.restore(ctx, body.SpecSet)
	case *types.RetrievePropertiesEx:
		n.restore(ctx, body.SpecSet)
	default:
		n.override(ctx, call.This)
	}
}

// override puts a mended object before the simulator's own, in the session only: the simulator's code
// expects its own type in the inventory.
func (n *notebook) override(ctx *simulator.Context, ref types.ManagedObjectReference) {
	switch found := ctx.Map.Get(ref).(type) {
	case *simulator.VirtualMachine:
		ctx.Session.Put(&machine{VirtualMachine: found, note: n.of(ref)})
	case *simulator.HostDatastoreBrowser:
		ctx.Session.Put(&browser{found})
	default:
		if ref.Type == "VirtualMachine" {
			ctx.Session.Remove(ctx, ref) // destroyed meanwhile
		}
	}
}

// restore undoes, in the machines that are about to be read, what looking at their containers did to them:
// their annotation is overwritten, and one that waits to be powered on is taken for running.
func (n *notebook) restore(ctx *simulator.Context, specs []types.PropertyFilterSpec) {
	for _, spec := range specs {
		for _, object := range spec.ObjectSet {
			if vm, ok := ctx.Map.Get(object.Obj).(*simulator.VirtualMachine); ok {
				ctx.WithLock(vm, func() { n.of(object.Obj).restore(vm) })
			}
		}
	}
}

func (n *note) restore(vm *simulator.VirtualMachine) {
	if vm.Config.Annotation == "inspect" {
		vm.Config.Annotation = n.annotation
	}
	if n.booted {
		vm.Runtime.PowerState = types.VirtualMachinePowerStatePoweredOff
	}
}
