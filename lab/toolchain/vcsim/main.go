// vcsim is the rehearsal's vCenter: VMware's simulator with a Docker-ready inventory, whose machines are
// containers, mended where it differs from a vCenter in ways that a stack would notice.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
)

func main() {
	log.SetFlags(log.Ltime)
	settings, err := parse(os.Args[1:])
	if err == nil {
		err = run(settings)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "vcsim: %v\n", err)
		os.Exit(1)
	}
}

// settings is the command line. Delays are milliseconds by method name.
type settings struct {
	listen, user, password string
	hosts                  int
	templates              []string
	delays                 map[string]int
	trace                  bool
}

func parse(args []string) (*settings, error) {
	s := &settings{delays: map[string]int{}}
	var passwordFile string
	flags := flag.NewFlagSet("vcsim", flag.ExitOnError)
	flags.StringVar(&s.listen, "listen", "127.0.0.1:8989", "address and port")
	flags.StringVar(&s.user, "user", "", "the one user that may log in")
	flags.StringVar(&passwordFile, "password-file", "", "file with that user's password")
	flags.IntVar(&s.hosts, "hosts", 4, "hosts in the cluster")
	flags.BoolVar(&s.trace, "trace", false, "log each call's method and object, never its content")
	flags.Func("template", "name of a template, repeatable (default debian-12-docker and debian-12-docker-v2)",
		func(name string) error { s.templates = append(s.templates, name); return nil })
	flags.Func("delay", "METHOD=ms: answer that method so much later, repeatable", s.addDelay)
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if len(s.templates) == 0 {
		s.templates = []string{"debian-12-docker", "debian-12-docker-v2"}
	}
	return s, s.readPassword(passwordFile)
}

func (s *settings) addDelay(text string) error {
	method, value, _ := strings.Cut(text, "=")
	delay, err := strconv.Atoi(value)
	if err != nil || delay < 0 || method == "" {
		return fmt.Errorf("not METHOD=milliseconds")
	}
	s.delays[method] = delay
	return nil
}

func (s *settings) readPassword(file string) error {
	if s.user == "" || file == "" {
		return fmt.Errorf("--user and --password-file are needed")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	s.password = strings.TrimRight(string(text), "\r\n")
	if s.password == "" {
		return fmt.Errorf("%s is empty", file)
	}
	return nil
}

// run serves until SIGTERM or SIGINT, then removes the containers that the machines started.
func run(s *settings) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	model, err := inventory(s)
	if err != nil {
		return err
	}
	defer model.Remove()
	if err := addTemplates(ctx, model, s.templates); err != nil {
		return err
	}
	mend(model, s.trace)
	server, err := serve(model, s)
	if err != nil {
		return err
	}
	defer server.Close()
	if err := prepare(ctx, server.URL, s); err != nil {
		return fmt.Errorf("inventory: %w", err)
	}
	ready := map[string]any{"listen": server.URL.Host, "pid": os.Getpid()}
	if err := json.NewEncoder(os.Stdout).Encode(ready); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}
