package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
)

// bailCode is the exec script's way to say: the user was shown why, add nothing.
const bailCode = 32

// Run runs the program to its end, its output being the engine's.
func (h *host) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	python, err := pythonOf(req.Info)
	if err != nil {
		return nil, err
	}
	if err := python.ValidateVenv(ctx); err != nil {
		return nil, err
	}
	args, err := h.programArgs(req)
	if err != nil {
		return nil, err
	}
	ctx, done := h.untilCancelled(ctx)
	defer done()
	cmd, err := command(ctx, python, args)
	if err != nil {
		return nil, err
	}
	config, keys, err := configuration(req)
	if err != nil {
		return nil, err
	}
	cmd.Env = append(cmd.Env, "PULUMI_CONFIG="+config, "PULUMI_CONFIG_SECRET_KEYS="+keys)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return outcome(cmd.Run()), nil
}

// programArgs is the command line of the exec script, which is installed beside this binary.
func (h *host) programArgs(req *pulumirpc.RunRequest) ([]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{
		"-u", filepath.Join(filepath.Dir(self), "pulumi-language-python-exec"),
		"--monitor", req.MonitorAddress, "--engine", h.engine,
		"--project", req.Project, "--stack", req.Stack, "--organization", req.Organization,
		"--root_directory", req.Info.RootDirectory, "--pwd", req.Pwd,
		"--dry_run", strconv.FormatBool(req.DryRun), "--parallel", strconv.Itoa(int(req.Parallel)),
		filepath.Join(req.Info.ProgramDirectory, req.Info.EntryPoint),
	}
	return append(args, req.Args...), nil
}

// RunPlugin runs a Python plugin or policy pack until it ends or the engine lets go of it.
func (h *host) RunPlugin(req *pulumirpc.RunPluginRequest, stream pulumirpc.LanguageRuntime_RunPluginServer) error {
	python, err := pythonOf(req.Info)
	if err != nil {
		return err
	}
	args, err := pluginArgs(req)
	if err != nil {
		return err
	}
	ctx, done := h.untilCancelled(stream.Context())
	defer done()
	cmd, err := command(ctx, python, args)
	if err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(stream, false)
	if err != nil {
		return err
	}
	defer closer.Close()
	cmd.Dir, cmd.Stdout, cmd.Stderr = req.Pwd, stdout, stderr
	cmd.Env = append(cmd.Env, req.Env...)
	if err := cmd.Run(); err != nil && exitCode(err) < 0 {
		return err
	}
	return stream.Send(&pulumirpc.RunPluginResponse{
		Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(cmd.ProcessState.ExitCode())},
	})
}

// pluginArgs starts a policy pack or an installed package by the SDK's module for it, anything else by its folder.
func pluginArgs(req *pulumirpc.RunPluginRequest) ([]string, error) {
	folder := req.Info.ProgramDirectory
	if req.Kind == string(apitype.AnalyzerPlugin) {
		return append([]string{"-u", "-m", "pulumi.policy"}, append(req.Args, folder)...), nil
	}
	packaged, err := toolchain.IsBuildablePackage(folder)
	if err != nil {
		return nil, err
	}
	if !packaged {
		return append([]string{"-u", folder}, req.Args...), nil
	}
	project, err := toolchain.LoadPyproject(folder)
	if err != nil {
		return nil, err
	}
	return append([]string{"-u", "-m", "pulumi.run.plugin", project.Project.Name}, req.Args...), nil
}

// untilCancelled ends with the call, or with the engine's Cancel.
func (h *host) untilCancelled(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	release := context.AfterFunc(h.running, cancel)
	return ctx, func() { release(); cancel() }
}

// command is a Python process, in a group of its own, that ends with ctx, it and its children.
func command(ctx context.Context, python toolchain.Toolchain, args []string) (*exec.Cmd, error) {
	cmd, err := python.Command(ctx, args...)
	if err != nil {
		return nil, err
	}
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmdutil.RegisterProcessGroup(cmd)
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	return cmd, nil
}

// configuration is the stack's configuration as JSON; the SDK can't read a null.
func configuration(req *pulumirpc.RunRequest) (config string, secretKeys string, err error) {
	values := req.Config
	if values == nil {
		values = map[string]string{}
	}
	keys := req.ConfigSecretKeys
	if keys == nil {
		keys = []string{}
	}
	valuesJSON, err := json.Marshal(values)
	if err != nil {
		return "", "", err
	}
	keysJSON, err := json.Marshal(keys)
	return string(valuesJSON), string(keysJSON), err
}

func outcome(err error) *pulumirpc.RunResponse {
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case exitCode(err) == bailCode:
		return &pulumirpc.RunResponse{Bail: true}
	case exitCode(err) >= 0:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program exited with non-zero exit code: %d", exitCode(err))}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the Python program did not run to its end: %v", err)}
	}
}

// exitCode is -1 when the process was stopped by a signal or did not start.
func exitCode(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return -1
}
