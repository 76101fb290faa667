// pulumi-language-python for machines that cannot download the official one: the service by which the
// engine starts Python programs and plugins. Virtual environments are the SDK's own toolchain package's.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// version is the SDK's whose protocol is spoken, marked so that nobody takes this host for the official one.
const version = "3.274.1-lab"

func main() {
	if err := serve(engineAddress()); err != nil {
		cmdutil.ExitError(err.Error())
	}
}

// engineAddress reads the command line the engine builds: logging flags, which the SDK declares, then its own address.
func engineAddress() string {
	flag.String("tracing", "", "ignored")
	flag.Parse()
	return flag.Arg(0)
}

// serve answers until a signal comes or the engine is gone.
func serve(engine string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if engine != "" {
		if err := rpcutil.Healthcheck(ctx, engine, time.Minute, stop); err != nil {
			return err
		}
	}
	host := newHost(ctx, engine)
	quit := make(chan bool)
	context.AfterFunc(ctx, func() { host.stop(); close(quit) })
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: quit,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, host)
			return nil
		},
	})
	if err != nil {
		return err
	}
	fmt.Println(handle.Port) // the engine waits for this line
	return <-handle.Done
}
