package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"path"

	"github.com/vmware/govmomi/find"
	_ "github.com/vmware/govmomi/lookup/simulator"
	"github.com/vmware/govmomi/object"
	_ "github.com/vmware/govmomi/pbm/simulator"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/simulator/esx"
	_ "github.com/vmware/govmomi/sts/simulator"
	_ "github.com/vmware/govmomi/vapi/cluster/simulator"
	_ "github.com/vmware/govmomi/vapi/simulator"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/types"
)

// hardware is the machines' hardware version, and the number in it: what ESXi 7.0 U2 and later give.
const (
	hardware       = "vmx-19"
	hardwareNumber = 19
)

const datastoreName = "LocalDS_0"

// inventory is DC0 with cluster DC0_C0, datastore LocalDS_0, "VM Network", "DC0_DVPG0" and no machine.
func inventory(s *settings) (*simulator.Model, error) {
	esx.HardwareVersion = hardware
	model := simulator.VPX()
	model.Host, model.Portgroup, model.Machine = 0, 1, 0
	model.ClusterHost = s.hosts
	model.DelayConfig.MethodDelay = s.delays
	if err := model.Create(); err != nil {
		return nil, fmt.Errorf("inventory: %w", err)
	}
	return model, nil
}

// addTemplates makes templates with what a Docker-ready machine needs from birth: a disk, a vmxnet3 card, hot add.
func addTemplates(ctx context.Context, model *simulator.Model, names []string) error {
	client, err := vim25.NewClient(ctx, model.Service)
	if err != nil {
		return err
	}
	finder := find.NewFinder(client)
	datacenter, err := finder.DefaultDatacenter(ctx)
	if err != nil {
		return err
	}
	finder.SetDatacenter(datacenter)
	for _, name := range names {
		if err := addTemplate(ctx, finder, name); err != nil {
			return fmt.Errorf("template %s: %w", name, err)
		}
	}
	return nil
}

func addTemplate(ctx context.Context, finder *find.Finder, name string) error {
	folder, err := finder.DefaultFolder(ctx)
	if err != nil {
		return err
	}
	pool, err := finder.DefaultResourcePool(ctx)
	if err != nil {
		return err
	}
	spec, err := templateSpec(ctx, finder, name)
	if err != nil {
		return err
	}
	task, err := folder.CreateVM(ctx, *spec, pool, nil)
	if err != nil {
		return err
	}
	made, err := task.WaitForResult(ctx, nil)
	if err != nil {
		return err
	}
	machine := object.NewVirtualMachine(pool.Client(), made.Result.(types.ManagedObjectReference))
	return machine.MarkAsTemplate(ctx)
}

func templateSpec(ctx context.Context, finder *find.Finder, name string) (*types.VirtualMachineConfigSpec, error) {
	devices, err := templateDevices(ctx, finder, name)
	if err != nil {
		return nil, err
	}
	added, err := devices.ConfigSpec(types.VirtualDeviceConfigSpecOperationAdd)
	if err != nil {
		return nil, err
	}
	return &types.VirtualMachineConfigSpec{
		Name:                name,
		GuestId:             string(types.VirtualMachineGuestOsIdentifierDebian12_64Guest),
		NumCPUs:             2,
		MemoryMB:            2048,
		CpuHotAddEnabled:    types.NewBool(true),
		MemoryHotAddEnabled: types.NewBool(true),
		Files:               &types.VirtualMachineFileInfo{VmPathName: "[" + datastoreName + "]"},
		DeviceChange:        added,
	}, nil
}

func templateDevices(ctx context.Context, finder *find.Finder, name string) (object.VirtualDeviceList, error) {
	var devices object.VirtualDeviceList
	scsi, err := devices.CreateSCSIController("pvscsi")
	if err != nil {
		return nil, err
	}
	file := fmt.Sprintf("[%s] %s", datastoreName, path.Join(name, "disk1.vmdk"))
	disk := devices.CreateDisk(scsi.(types.BaseVirtualController), types.ManagedObjectReference{}, file)
	disk.CapacityInKB = 20 << 20
	network, err := finder.Network(ctx, "VM Network")
	if err != nil {
		return nil, err
	}
	backing, err := network.EthernetCardBackingInfo(ctx)
	if err != nil {
		return nil, err
	}
	card, err := devices.CreateEthernetCard("vmxnet3", backing)
	if err != nil {
		return nil, err
	}
	return append(devices, scsi, disk, card), nil
}

// serve listens with TLS. The simulator panics when it can't bind, so the address is tried first.
func serve(model *simulator.Model, s *settings) (*simulator.Server, error) {
	trial, err := net.Listen("tcp", s.listen)
	if err != nil {
		return nil, err
	}
	if err := trial.Close(); err != nil {
		return nil, err
	}
	model.Service.Listen = &url.URL{Host: s.listen, User: url.UserPassword(s.user, s.password)}
	model.Service.TLS = new(tls.Config)
	model.Service.RegisterEndpoints = true
	return model.Service.NewServer(), nil
}
