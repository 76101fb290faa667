package main

import (
	"context"
	"net/url"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/vapi/library"
	"github.com/vmware/govmomi/vapi/rest"
	"github.com/vmware/govmomi/vapi/tags"
	"github.com/vmware/govmomi/vapi/vcenter"
	"github.com/vmware/govmomi/vim25/types"
)

// The names of what a platform team would have prepared, for stacks to refer to.
const (
	tagCategory     = "longshore"
	tagName         = "lab"
	customAttribute = "owner"
	hostGroup       = "licensed"
	libraryName     = "images"
)

// estate is one session with the simulator that prepares it as a platform team does a vCenter.
type estate struct {
	client     *govmomi.Client
	rest       *rest.Client
	finder     *find.Finder
	datacenter *object.Datacenter
}

// prepare adds what only a serving vCenter can be given: its REST half answers over HTTP alone.
func prepare(ctx context.Context, server *url.URL, s *settings) error {
	user := url.UserPassword(s.user, s.password)
	target := *server
	target.User = user
	client, err := govmomi.NewClient(ctx, &target, true)
	if err != nil {
		return err
	}
	defer func() { _ = client.Logout(ctx) }()
	session := rest.NewClient(client.Client)
	if err := session.Login(ctx, user); err != nil {
		return err
	}
	defer func() { _ = session.Logout(ctx) }()
	e := &estate{client: client, rest: session, finder: find.NewFinder(client.Client)}
	if e.datacenter, err = e.finder.DefaultDatacenter(ctx); err != nil {
		return err
	}
	e.finder.SetDatacenter(e.datacenter)
	for _, step := range []func(context.Context) error{e.tag, e.attribute, e.groupHosts} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return e.fillLibrary(ctx, s.templates)
}

func (e *estate) tag(ctx context.Context) error {
	manager := tags.NewManager(e.rest)
	category, err := manager.CreateCategory(ctx, &tags.Category{Name: tagCategory, Cardinality: "MULTIPLE"})
	if err != nil {
		return err
	}
	_, err = manager.CreateTag(ctx, &tags.Tag{Name: tagName, CategoryID: category})
	return err
}

func (e *estate) attribute(ctx context.Context) error {
	manager, err := object.GetCustomFieldsManager(e.client.Client)
	if err != nil {
		return err
	}
	_, err = manager.Add(ctx, customAttribute, "VirtualMachine", nil, nil)
	return err
}

func (e *estate) groupHosts(ctx context.Context) error {
	cluster, err := e.finder.DefaultClusterComputeResource(ctx)
	if err != nil {
		return err
	}
	hosts, err := cluster.Hosts(ctx)
	if err != nil {
		return err
	}
	group := &types.ClusterHostGroup{ClusterGroupInfo: types.ClusterGroupInfo{Name: hostGroup}}
	for _, host := range hosts {
		group.Host = append(group.Host, host.Reference())
	}
	add := types.ClusterGroupSpec{
		ArrayUpdateSpec: types.ArrayUpdateSpec{Operation: types.ArrayUpdateOperationAdd},
		Info:            group,
	}
	task, err := cluster.Reconfigure(ctx, &types.ClusterConfigSpecEx{GroupSpec: []types.ClusterGroupSpec{add}}, true)
	if err != nil {
		return err
	}
	return task.Wait(ctx)
}

// fillLibrary makes each template an item of the content library too.
func (e *estate) fillLibrary(ctx context.Context, templates []string) error {
	store, err := e.finder.Datastore(ctx, datastoreName)
	if err != nil {
		return err
	}
	backing := []library.StorageBacking{{DatastoreID: store.Reference().Value, Type: "DATASTORE"}}
	id, err := library.NewManager(e.rest).CreateLibrary(ctx,
		library.Library{Name: libraryName, Type: "LOCAL", Storage: backing})
	if err != nil {
		return err
	}
	pool, err := e.finder.DefaultResourcePool(ctx)
	if err != nil {
		return err
	}
	folders, err := e.datacenter.Folders(ctx)
	if err != nil {
		return err
	}
	place := &vcenter.Placement{ResourcePool: pool.Reference().Value, Folder: folders.VmFolder.Reference().Value}
	for _, name := range templates {
		source, err := e.finder.VirtualMachine(ctx, name)
		if err != nil {
			return err
		}
		item := vcenter.Template{
			Name: name + "-item", Library: id, SourceVM: source.Reference().Value, Placement: place,
		}
		if _, err := vcenter.NewManager(e.rest).CreateTemplate(ctx, item); err != nil {
			return err
		}
	}
	return nil
}
