package main

import (
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// machine is a simulated virtual machine with the mends that concern machines.
type machine struct {
	*simulator.VirtualMachine
	note *note
}

// ReconfigVMTask also keeps what the simulator drops, and starts the container as soon as it is known: a
// container that can't start is then the reconfiguration's failure, after which a provider removes its clone.
func (m *machine) ReconfigVMTask(ctx *simulator.Context, req *types.ReconfigVM_Task) soap.HasFault {
	m.deploy(ctx)
	answer := m.VirtualMachine.ReconfigVMTask(ctx, req).(*methods.ReconfigVM_TaskBody)
	if answer.Res == nil || await(ctx, answer.Res.Returnval) != nil {
		return answer
	}
	m.keep(&req.Spec)
	if !m.unborn() {
		return answer
	}
	if fault := m.boot(ctx); fault != nil {
		answer.Res = nil
		answer.Fault_ = simulator.Fault(reason(fault), fault.Fault)
	}
	return answer
}

// deploy makes a machine of what the simulator deployed from a content library: it leaves that marked as a
// template. True templates are in the datacenter's own folder, and machines in folders of their stacks.
func (m *machine) deploy(ctx *simulator.Context) {
	folder, found := ctx.Map.Get(*m.Parent).(*simulator.Folder)
	if !m.Config.Template || !found || folder.Name == "vm" {
		return
	}
	host := ctx.Map.Get(*m.Runtime.Host).(*simulator.HostSystem)
	cluster := ctx.Map.Get(*host.Parent).(*simulator.ClusterComputeResource)
	m.MarkAsVirtualMachine(&types.MarkAsVirtualMachine{This: m.Self, Pool: *cluster.ResourcePool})
}

// PowerOnVMTask of a machine whose container runs already only says so.
func (m *machine) PowerOnVMTask(ctx *simulator.Context, req *types.PowerOnVM_Task) soap.HasFault {
	if !m.note.booted {
		return m.VirtualMachine.PowerOnVMTask(ctx, req)
	}
	m.note.booted = false
	m.show(ctx, types.VirtualMachinePowerStatePoweredOn)
	return &methods.PowerOnVM_TaskBody{
		Res: &types.PowerOnVM_TaskResponse{Returnval: m.nothingToDo(ctx, "powerOn")},
	}
}

// UpgradeVMTask to the version that the machine has is no fault: providers ask for it on each update.
func (m *machine) UpgradeVMTask(ctx *simulator.Context, req *types.UpgradeVM_Task) soap.HasFault {
	if req.Version != m.Config.Version {
		return m.VirtualMachine.UpgradeVMTask(ctx, req)
	}
	return &methods.UpgradeVM_TaskBody{
		Res: &types.UpgradeVM_TaskResponse{Returnval: m.nothingToDo(ctx, "upgradeVm")},
	}
}

func (m *machine) nothingToDo(ctx *simulator.Context, name string) types.ManagedObjectReference {
	task := simulator.CreateTask(m.VirtualMachine, name,
		func(*simulator.Task) (types.AnyType, types.BaseMethodFault) { return nil, nil })
	return task.Run(ctx)
}

// keep stores the settings that the simulator ignores, or loses.
func (m *machine) keep(spec *types.VirtualMachineConfigSpec) {
	if spec.SwapPlacement != "" {
		m.Config.SwapPlacement = spec.SwapPlacement
	}
	if spec.VPMCEnabled != nil {
		m.Config.VPMCEnabled = spec.VPMCEnabled
	}
	if spec.Annotation != "" {
		m.note.annotation = spec.Annotation
	}
}

// unborn tells a machine that has a container to run and never ran.
func (m *machine) unborn() bool {
	off := m.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOff
	if !off || m.Config.Template || m.Summary.Runtime.BootTime != nil {
		return false
	}
	for _, option := range m.Config.ExtraConfig {
		if option.GetOptionValue().Key == simulator.ContainerBackingOptionKey {
			return true
		}
	}
	return false
}

// boot starts the container of a machine that goes on looking powered off: providers wait to power it on.
func (m *machine) boot(ctx *simulator.Context) *types.LocalizedMethodFault {
	answer := m.VirtualMachine.PowerOnVMTask(ctx, &types.PowerOnVM_Task{This: m.Self}).(*methods.PowerOnVM_TaskBody)
	if fault := await(ctx, answer.Res.Returnval); fault != nil {
		return fault
	}
	m.note.booted = true
	m.show(ctx, types.VirtualMachinePowerStatePoweredOff)
	return nil
}

func (m *machine) show(ctx *simulator.Context, state types.VirtualMachinePowerState) {
	ctx.Update(m.VirtualMachine, []types.PropertyChange{
		{Name: "runtime.powerState", Val: state},
		{Name: "summary.runtime.powerState", Val: state},
	})
}

// await waits for a task of this call and tells its fault, if any.
func await(ctx *simulator.Context, ref types.ManagedObjectReference) *types.LocalizedMethodFault {
	task := ctx.Map.Get(ref).(*simulator.Task)
	task.Wait()
	return task.Info.Error
}

// reason is Docker's own message. The simulator puts the whole command line before it, user data included.
func reason(fault *types.LocalizedMethodFault) string {
	text := fault.LocalizedMessage
	if cause := fault.Fault.GetMethodFault().FaultCause; cause != nil {
		text = cause.LocalizedMessage
	}
	if _, said, found := strings.Cut(text, "] failed: "); found {
		text = said
	}
	return "its container did not start: " + text
}
