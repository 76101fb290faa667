package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

func TestSettingsThatTheSimulatorDropsAreKept(t *testing.T) {
	w := serving(t)
	vm := w.machine("m")
	must(t, w.reconfigure(vm, types.VirtualMachineConfigSpec{
		SwapPlacement: "hostLocal",
		VPMCEnabled:   types.NewBool(true),
		Annotation:    "made by a stack",
	}))
	config := w.read(vm).Config
	if config.SwapPlacement != "hostLocal" || !*config.VPMCEnabled || config.Annotation != "made by a stack" {
		t.Errorf("swap %q, counters %v, annotation %q", config.SwapPlacement, *config.VPMCEnabled, config.Annotation)
	}
	must(t, w.reconfigure(vm, types.VirtualMachineConfigSpec{NumCPUs: 3}))
	if again := w.read(vm).Config; again.SwapPlacement != "hostLocal" || again.Hardware.NumCPU != 3 {
		t.Errorf("an update of something else lost it: %q, %d", again.SwapPlacement, again.Hardware.NumCPU)
	}
}

func TestAnUpgradeToTheVersionAtHandIsNoFault(t *testing.T) {
	w := serving(t)
	vm := w.machine("m")
	for version, good := range map[string]bool{hardware: true, "vmx-999": false} {
		task, err := vm.UpgradeVM(w.ctx, version)
		if err == nil {
			err = task.Wait(w.ctx)
		}
		if (err == nil) != good {
			t.Errorf("%s: %v", version, err)
		}
	}
}

func TestAMachineWithoutAContainerIsSwitchedOnAndOff(t *testing.T) {
	w := serving(t)
	vm := w.machine("m")
	for range 2 {
		on, err := vm.PowerOn(w.ctx)
		must(t, err)
		must(t, on.Wait(w.ctx))
		if state := w.read(vm).Runtime.PowerState; state != types.VirtualMachinePowerStatePoweredOn {
			t.Errorf("it is %s", state)
		}
		off, err := vm.PowerOff(w.ctx)
		must(t, err)
		must(t, off.Wait(w.ctx))
	}
}

func TestAMachineThatIsDestroyedIsGone(t *testing.T) {
	w := serving(t)
	vm := w.machine("m")
	task, err := vm.Destroy(w.ctx)
	must(t, err)
	must(t, task.Wait(w.ctx))
	if _, err := vm.PowerOn(w.ctx); err == nil {
		t.Error("a machine that is gone was switched on")
	}
	if again := w.read(w.machine("m")); again.Name != "m" {
		t.Errorf("its name is %q", again.Name)
	}
}

func TestAContainerThatCannotStartFailsTheReconfigurationInDockersWords(t *testing.T) {
	folder := t.TempDir()
	script := "#!/bin/sh\n[ \"$1\" = network ] && exit 0\necho 'docker: no such image: node:1' >&2\nexit 125\n"
	must(t, os.WriteFile(filepath.Join(folder, "docker"), []byte(script), 0o755))
	t.Setenv("PATH", folder+":/usr/bin:/bin")
	w := serving(t)
	vm := w.machine("m")
	err := w.reconfigure(vm, types.VirtualMachineConfigSpec{ExtraConfig: []types.BaseOptionValue{
		&types.OptionValue{Key: simulator.ContainerBackingOptionKey, Value: `["--network=x", "node:1"]`},
		&types.OptionValue{Key: "guestinfo.userdata", Value: "canary"},
	}})
	if err == nil {
		t.Fatal("it was taken")
	}
	if !strings.Contains(err.Error(), "its container did not start: ") || !strings.Contains(err.Error(), "no such image") {
		t.Errorf("said %q", err)
	}
	if strings.Contains(err.Error(), "canary") {
		t.Errorf("user data is shown: %q", err)
	}
}

func TestTheReasonIsDockersOwnWithoutTheCommandLine(t *testing.T) {
	line := "[docker run --env USERDATA=canary node:1] failed: no such image"
	for name, fault := range map[string]*types.LocalizedMethodFault{
		"plain":  {LocalizedMessage: line, Fault: &types.GenericVmConfigFault{}},
		"caused": {LocalizedMessage: "x", Fault: caused(line)},
	} {
		if said := reason(fault); said != "its container did not start: no such image" {
			t.Errorf("%s: %q", name, said)
		}
	}
}

func caused(text string) types.BaseMethodFault {
	fault := &types.GenericVmConfigFault{}
	fault.FaultCause = &types.LocalizedMethodFault{LocalizedMessage: text, Fault: &types.SystemError{}}
	return fault
}

func TestWhatLookingAtAContainerDidIsUndone(t *testing.T) {
	vm := &simulator.VirtualMachine{}
	vm.Config = &types.VirtualMachineConfigInfo{Annotation: "inspect"}
	vm.Runtime.PowerState = types.VirtualMachinePowerStatePoweredOn
	(&note{annotation: "mine", booted: true}).restore(vm)
	if vm.Config.Annotation != "mine" || vm.Runtime.PowerState != types.VirtualMachinePowerStatePoweredOff {
		t.Errorf("annotation %q, power %s", vm.Config.Annotation, vm.Runtime.PowerState)
	}
	vm.Config.Annotation, vm.Runtime.PowerState = "of the user", types.VirtualMachinePowerStatePoweredOn
	(&note{annotation: "mine"}).restore(vm)
	if vm.Config.Annotation != "of the user" || vm.Runtime.PowerState != types.VirtualMachinePowerStatePoweredOn {
		t.Errorf("annotation %q, power %s", vm.Config.Annotation, vm.Runtime.PowerState)
	}
}

func TestAMachineIsUnbornUntilItsContainerRan(t *testing.T) {
	container := &types.OptionValue{Key: simulator.ContainerBackingOptionKey, Value: "node:1"}
	for name, each := range map[string]struct {
		power    types.VirtualMachinePowerState
		template bool
		options  []types.BaseOptionValue
		unborn   bool
	}{
		"waits":        {types.VirtualMachinePowerStatePoweredOff, false, []types.BaseOptionValue{container}, true},
		"runs":         {types.VirtualMachinePowerStatePoweredOn, false, []types.BaseOptionValue{container}, false},
		"template":     {types.VirtualMachinePowerStatePoweredOff, true, []types.BaseOptionValue{container}, false},
		"no container": {types.VirtualMachinePowerStatePoweredOff, false, nil, false},
	} {
		vm := &simulator.VirtualMachine{}
		vm.Config = &types.VirtualMachineConfigInfo{Template: each.template, ExtraConfig: each.options}
		vm.Runtime.PowerState = each.power
		if unborn := (&machine{VirtualMachine: vm, note: &note{}}).unborn(); unborn != each.unborn {
			t.Errorf("%s: %v", name, unborn)
		}
	}
}

func TestEachMachineHasOneNote(t *testing.T) {
	notes := &notebook{notes: map[types.ManagedObjectReference]*note{}}
	one := types.ManagedObjectReference{Type: "VirtualMachine", Value: "vm-1"}
	other := types.ManagedObjectReference{Type: "VirtualMachine", Value: "vm-2"}
	notes.of(one).annotation = "mine"
	if notes.of(one).annotation != "mine" || notes.of(other).annotation != "" {
		t.Error("notes are mixed up")
	}
}
