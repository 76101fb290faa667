package main

import (
	"slices"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// CloneVMTask gives each clone an identity of its own: the simulator's follows from the name, so that a machine
// and its replacement would be the same one to a provider.
func (m *machine) CloneVMTask(ctx *simulator.Context, req *types.CloneVM_Task) soap.HasFault {
	if req.Spec.Config == nil {
		req.Spec.Config = &types.VirtualMachineConfigSpec{}
	}
	if req.Spec.Config.Uuid == "" {
		req.Spec.Config.Uuid = uuid.NewString()
	}
	return m.VirtualMachine.CloneVMTask(ctx, req)
}

// DestroyTask also takes the machine out of its cluster's rules and groups, as a vCenter does.
func (m *machine) DestroyTask(ctx *simulator.Context, req *types.Destroy_Task) soap.HasFault {
	for _, ref := range ctx.Map.AllReference("ClusterComputeResource") {
		cluster := ctx.Map.Get(ref.Reference()).(*simulator.ClusterComputeResource)
		ctx.WithLock(cluster, func() { forget(cluster.ConfigurationEx.(*types.ClusterConfigInfoEx), m.Self) })
	}
	return m.VirtualMachine.DestroyTask(ctx, req)
}

func forget(config *types.ClusterConfigInfoEx, gone types.ManagedObjectReference) {
	without := func(machines []types.ManagedObjectReference) []types.ManagedObjectReference {
		return slices.DeleteFunc(slices.Clone(machines), func(each types.ManagedObjectReference) bool { return each == gone })
	}
	for _, rule := range config.Rule {
		if apart, ok := rule.(*types.ClusterAntiAffinityRuleSpec); ok {
			apart.Vm = without(apart.Vm)
		}
	}
	for _, group := range config.Group {
		if machines, ok := group.(*types.ClusterVmGroup); ok {
			machines.Vm = without(machines.Vm)
		}
	}
}
