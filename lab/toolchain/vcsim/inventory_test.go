package main

import (
	"net"
	"net/url"
	"testing"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/vim25/types"
)

func TestTheInventoryIsAClusterWithTemplatesAndNothingElse(t *testing.T) {
	w := serving(t, "one", "two")
	machines, err := w.finder.VirtualMachineList(w.ctx, "*")
	must(t, err)
	if len(machines) != 2 {
		t.Fatalf("%d machines", len(machines))
	}
	for _, vm := range machines {
		if seen := w.read(vm); !seen.Config.Template {
			t.Errorf("%s is no template", seen.Name)
		}
	}
	cluster, err := w.finder.ClusterComputeResource(w.ctx, "DC0_C0")
	must(t, err)
	if hosts, err := cluster.Hosts(w.ctx); err != nil || len(hosts) != 2 {
		t.Errorf("%d hosts, %v", len(hosts), err)
	}
	if _, err := w.finder.Datastore(w.ctx, datastoreName); err != nil {
		t.Error(err)
	}
}

func TestATemplateHasWhatADockerReadyMachineNeedsFromBirth(t *testing.T) {
	w := serving(t, "one")
	vm, err := w.finder.VirtualMachine(w.ctx, "one")
	must(t, err)
	config := w.read(vm).Config
	if !*config.CpuHotAddEnabled || !*config.MemoryHotAddEnabled {
		t.Error("hot add is off")
	}
	if config.Version != hardware {
		t.Errorf("hardware %s", config.Version)
	}
	devices, err := vm.Device(w.ctx)
	must(t, err)
	disks := devices.SelectByType((*types.VirtualDisk)(nil))
	if len(disks) != 1 || disks[0].(*types.VirtualDisk).CapacityInKB != 20<<20 {
		t.Errorf("disks %v", disks)
	}
	if cards := devices.SelectByType((*types.VirtualVmxnet3)(nil)); len(cards) != 1 {
		t.Errorf("%d vmxnet3 cards", len(cards))
	}
	if controllers := devices.SelectByType((*types.ParaVirtualSCSIController)(nil)); len(controllers) != 1 {
		t.Errorf("%d pvscsi controllers", len(controllers))
	}
}

func TestTheHardwareVersionIsReportedWithItsNumber(t *testing.T) {
	w := serving(t)
	pool, err := w.finder.DefaultResourcePool(w.ctx)
	must(t, err)
	owner, err := pool.Owner(w.ctx)
	must(t, err)
	cluster, err := w.finder.ClusterComputeResource(w.ctx, "DC0_C0")
	must(t, err)
	if cluster.Reference() != owner.Reference() {
		t.Fatal("the pool is not the cluster's")
	}
	browser, err := cluster.EnvironmentBrowser(w.ctx)
	must(t, err)
	option, err := browser.QueryConfigOption(w.ctx, &types.EnvironmentBrowserConfigOptionQuerySpec{})
	must(t, err)
	if option.HardwareOptions.HwVersion != hardwareNumber || option.Version != hardware {
		t.Errorf("%s, %d", option.Version, option.HardwareOptions.HwVersion)
	}
}

func TestOnlyTheOneUserMayLogIn(t *testing.T) {
	w := serving(t)
	for _, user := range []*url.Userinfo{url.UserPassword("u", "wrong"), url.UserPassword("other", "p")} {
		stranger := *w.url
		stranger.User = user
		if _, err := govmomi.NewClient(w.ctx, &stranger, true); err == nil {
			t.Errorf("%s was let in", user.Username())
		}
	}
}

func TestAnAddressThatIsTakenIsAnErrorAndNoPanic(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	s := &settings{listen: taken.Addr().String(), user: "u", password: "p", hosts: 1}
	model, err := inventory(s)
	must(t, err)
	defer model.Remove()
	if _, err := serve(model, s); err == nil {
		t.Error("it serves where somebody else does")
	}
}
