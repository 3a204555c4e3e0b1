package statutetest

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/nettest"
)

// connect returns both ends of a connection.
func connect(t *testing.T) (client, server net.Conn) {
	t.Helper()
	n := newNetwork()
	dialled := make(chan net.Conn, 1)
	go func() {
		conn, _ := n.dial(context.Background())
		dialled <- conn
	}()
	server, err := n.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return <-dialled, server
}

func TestPipe(t *testing.T) {
	nettest.TestConn(t, func() (client, server net.Conn, stop func(), err error) {
		client, server = connect(t)
		return client, server, func() { client.Close(); server.Close() }, nil
	})
}

// TestPipeClose holds that a connection ends as that of a socket does.
func TestPipeClose(t *testing.T) {
	client, server := connect(t)
	if _, err := server.Write([]byte("bye")); err != nil {
		t.Fatal(err)
	}
	server.Close()
	if _, err := client.Write([]byte("more")); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("writing to who is gone: %v", err)
	}
	if got, err := io.ReadAll(client); string(got) != "bye" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestPipeFull holds that who writes waits for who reads.
func TestPipeFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := connect(t)
		if err := client.SetWriteDeadline(time.Now().Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		if n, err := client.Write(make([]byte, 3*buffered)); n != buffered || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("wrote %d bytes, %v", n, err)
		}
		client.Close()
		if n, err := io.Copy(io.Discard, server); n != buffered || err != nil {
			t.Errorf("read %d bytes, %v", n, err)
		}
	})
}
