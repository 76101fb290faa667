package main

import (
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// browser is a datastore's browser that knows how large a disk is: the provider takes a disk of another size
// for one that must be replaced.
type browser struct {
	*simulator.HostDatastoreBrowser
}

// SearchDatastoreTask also tells the capacity of each disk it finds.
func (b *browser) SearchDatastoreTask(ctx *simulator.Context, req *types.SearchDatastore_Task) soap.HasFault {
	answer := b.HostDatastoreBrowser.SearchDatastoreTask(ctx, req).(*methods.SearchDatastore_TaskBody)
	if answer.Res == nil || await(ctx, answer.Res.Returnval) != nil {
		return answer
	}
	task := ctx.Map.Get(answer.Res.Returnval).(*simulator.Task)
	found, ok := task.Info.Result.(types.HostDatastoreBrowserSearchResults)
	if !ok {
		return answer
	}
	datacenter := ctx.Map.AllReference("Datacenter")[0].Reference()
	for _, file := range found.File {
		disk, ok := file.(*types.VmDiskFileInfo)
		if !ok {
			continue
		}
		name := strings.TrimSuffix(found.FolderPath, "/") + "/" + disk.Path
		if desc, _, fault := ctx.Map.FileManager().DiskDescriptor(ctx, &datacenter, name); fault == nil {
			disk.CapacityKb = desc.Capacity() / 1024
		}
	}
	return answer
}
