// An RTSP server that is neither ours nor GStreamer's: two loops of access units, over TCP, UDP and TLS, with a login by
// Digest. Prints {"port": N, "tlsPort": N} when it listens; ends when its standard input closes, so that it never outlives
// the test that started it.
//
//	/h264, /h265   rtsp://…:port, rtsps://…:tlsPort
package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/auth"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/pion/rtp"
)

const framesPerSecond = 12

// A camera's loop: access units, each a list of NAL units.
type loop struct {
	units [][][]byte
	desc  *description.Session
	pack  func(unit [][]byte) ([]*rtp.Packet, error)
}

// Reads access units as Annex B byte streams, each behind its length in four bytes.
func readUnits(file string) ([][][]byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var units [][][]byte
	for len(data) >= 4 {
		end := 4 + int(binary.BigEndian.Uint32(data))
		if end > len(data) {
			return nil, errors.New(file + ": a unit is longer than the file")
		}
		units = append(units, splitNals(data[4:end]))
		data = data[end:]
	}
	return units, nil
}

func splitNals(unit []byte) [][]byte {
	var nals [][]byte
	for _, part := range bytes.Split(unit, []byte{0, 0, 1}) {
		if nal := bytes.TrimRight(part, "\x00"); len(nal) > 0 {
			nals = append(nals, nal)
		}
	}
	return nals
}

func loadLoop(codec, file string) (*loop, error) {
	units, err := readUnits(file)
	if err != nil {
		return nil, err
	}
	var forma format.Format
	loaded := &loop{units: units}
	if codec == "h264" {
		video := &format.H264{PayloadTyp: 96, PacketizationMode: 1}
		encoder, err := video.CreateEncoder()
		if err != nil {
			return nil, err
		}
		forma, loaded.pack = video, encoder.Encode
	} else {
		video := &format.H265{PayloadTyp: 96}
		encoder, err := video.CreateEncoder()
		if err != nil {
			return nil, err
		}
		forma, loaded.pack = video, encoder.Encode
	}
	media := &description.Media{Type: description.MediaTypeVideo, Formats: []format.Format{forma}}
	loaded.desc = &description.Session{Medias: []*description.Media{media}}
	return loaded, nil
}

// Writes a loop to the streams, again and again.
func (l *loop) play(streams []*gortsplib.ServerStream) {
	ticker := time.NewTicker(time.Second / framesPerSecond)
	for at := 0; ; at++ {
		<-ticker.C
		packets, err := l.pack(l.units[at%len(l.units)])
		if err != nil {
			log.Fatal(err)
		}
		for _, packet := range packets {
			packet.Timestamp = uint32(at) * 90000 / framesPerSecond
			for _, stream := range streams {
				copied := *packet
				if err := stream.WritePacketRTP(stream.Description().Medias[0], &copied); err != nil {
					log.Print(err)
				}
			}
		}
	}
}

// Answers the requests of one server.
type handler struct {
	user, password string
	methods        []auth.ValidateMethod
	streams        map[string]*gortsplib.ServerStream
	mutex          sync.Mutex
	nonces         map[*gortsplib.ServerConn]string
}

func (h *handler) answer(conn *gortsplib.ServerConn, request *base.Request, path string) (*base.Response, *gortsplib.ServerStream, error) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	nonce, known := h.nonces[conn]
	if !known {
		nonce, _ = auth.GenerateNonce()
		h.nonces[conn] = nonce
	}
	if err := auth.Validate(request, h.user, h.password, h.methods, "test", nonce); err != nil {
		header := base.Header{"WWW-Authenticate": auth.GenerateWWWAuthenticate(h.methods, "test", nonce)}
		return &base.Response{StatusCode: base.StatusUnauthorized, Header: header}, nil, nil
	}
	stream, found := h.streams[strings.Trim(path, "/")]
	if !found {
		return &base.Response{StatusCode: base.StatusNotFound}, nil, nil
	}
	return &base.Response{StatusCode: base.StatusOK}, stream, nil
}

func (h *handler) OnConnClose(ctx *gortsplib.ServerHandlerOnConnCloseCtx) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	delete(h.nonces, ctx.Conn)
}

func (h *handler) OnDescribe(ctx *gortsplib.ServerHandlerOnDescribeCtx) (*base.Response, *gortsplib.ServerStream, error) {
	return h.answer(ctx.Conn, ctx.Request, ctx.Path)
}

func (h *handler) OnSetup(ctx *gortsplib.ServerHandlerOnSetupCtx) (*base.Response, *gortsplib.ServerStream, error) {
	return h.answer(ctx.Conn, ctx.Request, ctx.Path)
}

func (h *handler) OnPlay(*gortsplib.ServerHandlerOnPlayCtx) (*base.Response, error) {
	return &base.Response{StatusCode: base.StatusOK}, nil
}

// A certificate that nobody vouches for.
func selfSigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

// Starts a server on a free port, and on a free pair of UDP ports when it has no TLS.
func start(h *handler, config *tls.Config) (*gortsplib.Server, int, error) {
	var port int
	listen := func(network, address string) (net.Listener, error) {
		listener, err := net.Listen(network, address)
		if err == nil {
			port = listener.Addr().(*net.TCPAddr).Port
		}
		return listener, err
	}
	var err error
	for udp := 20000 + os.Getpid()%20000*2; udp < 65000; udp += 2 {
		server := &gortsplib.Server{Handler: h, RTSPAddress: "127.0.0.1:0", TLSConfig: config, Listen: listen}
		if config == nil {
			server.UDPRTPAddress = fmt.Sprintf("127.0.0.1:%d", udp)
			server.UDPRTCPAddress = fmt.Sprintf("127.0.0.1:%d", udp+1)
		}
		if err = server.Start(); err == nil {
			return server, port, nil
		}
	}
	return nil, 0, err
}

func run() error {
	files := map[string]*string{"h264": flag.String("h264", "", "units"), "h265": flag.String("h265", "", "units")}
	user := flag.String("user", "", "")
	password := flag.String("password", "", "")
	flag.Parse()
	certificate, err := selfSigned()
	if err != nil {
		return err
	}
	newHandler := func(methods ...auth.ValidateMethod) *handler {
		return &handler{
			user: *user, password: *password, methods: methods,
			streams: map[string]*gortsplib.ServerStream{}, nonces: map[*gortsplib.ServerConn]string{},
		}
	}
	plain, secure := newHandler(auth.ValidateMethodSHA256), newHandler(auth.ValidateMethodDigestMD5)
	server, port, err := start(plain, nil)
	if err != nil {
		return err
	}
	tlsServer, tlsPort, err := start(secure, &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		return err
	}
	for codec, file := range files {
		loaded, err := loadLoop(codec, *file)
		if err != nil {
			return err
		}
		plain.mutex.Lock()
		secure.mutex.Lock()
		plain.streams[codec] = gortsplib.NewServerStream(server, loaded.desc)
		secure.streams[codec] = gortsplib.NewServerStream(tlsServer, loaded.desc)
		go loaded.play([]*gortsplib.ServerStream{plain.streams[codec], secure.streams[codec]})
		secure.mutex.Unlock()
		plain.mutex.Unlock()
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]int{"port": port, "tlsPort": tlsPort}); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
