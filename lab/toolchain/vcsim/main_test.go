package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func passwordFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "password")
	must(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

func TestTheCommandLineIsRead(t *testing.T) {
	s, err := parse([]string{
		"--listen", "127.0.0.1:0", "--user", "u", "--password-file", passwordFile(t, "hunter2\r\n"), "--hosts", "3",
		"--template", "one", "--template", "two", "--delay", "CloneVM_Task=5", "--delay", "Login=0", "--trace",
	})
	must(t, err)
	if s.password != "hunter2" || s.hosts != 3 || !s.trace {
		t.Errorf("read %+v", s)
	}
	if strings.Join(s.templates, ",") != "one,two" || s.delays["CloneVM_Task"] != 5 {
		t.Errorf("templates %v, delays %v", s.templates, s.delays)
	}
}

func TestDefaultsAreTheSampleStacks(t *testing.T) {
	s, err := parse([]string{"--user", "u", "--password-file", passwordFile(t, "p")})
	must(t, err)
	if strings.Join(s.templates, ",") != "debian-12-docker,debian-12-docker-v2" || s.hosts != 4 {
		t.Errorf("read %+v", s)
	}
}

func TestNobodyMayLogInWithoutAPassword(t *testing.T) {
	for name, args := range map[string][]string{
		"no user":  {"--password-file", passwordFile(t, "p")},
		"no file":  {"--user", "u"},
		"empty":    {"--user", "u", "--password-file", passwordFile(t, "\n")},
		"not here": {"--user", "u", "--password-file", filepath.Join(t.TempDir(), "absent")},
	} {
		if _, err := parse(args); err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
}

func TestADelayIsAMethodAndMilliseconds(t *testing.T) {
	for _, text := range []string{"", "Login", "=5", "Login=", "Login=-1", "Login=1.5", "Login=x"} {
		s := &settings{delays: map[string]int{}}
		if err := s.addDelay(text); err == nil || len(s.delays) != 0 {
			t.Errorf("%q was taken as %v", text, s.delays)
		}
	}
}
