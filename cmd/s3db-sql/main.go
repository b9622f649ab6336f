// Command s3db-sql serves an s3db.js database to PostgreSQL clients.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"os/user"
	"syscall"

	"github.com/s3db-sql/s3db-sql/config"
	"github.com/s3db-sql/s3db-sql/server"
)

// version is set by the linker (-X main.version=…) for releases.
var version = "development"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "s3db-sql: "+err.Error())
		os.Exit(1)
	}
}

func run(args []string) error {
	cfg, action, err := config.Load(config.Input{Args: args, Environ: os.Environ(), ReadFile: os.ReadFile})
	if err != nil {
		return err
	}
	switch action {
	case config.Help:
		return config.WriteHelp(os.Stdout)
	case config.Version:
		fmt.Println("s3db-sql " + version)
		return nil
	}
	if u, err := user.Current(); err == nil {
		cfg.OSUser = u.Username
	}
	log := logger(cfg)
	for _, w := range cfg.Warnings {
		log.Warn(w)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s, err := server.Start(ctx, cfg, log)
	if err != nil {
		return err
	}
	s.Banner(os.Stdout)
	go reload(ctx, s, log)
	if err := s.Serve(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// reload reads the rules of who may connect again on each SIGHUP.
func reload(ctx context.Context, s *server.Server, log *slog.Logger) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	for {
		select {
		case <-ctx.Done():
			return
		case <-hup:
		}
		if err := s.Reload(); err != nil {
			log.Error("the configuration was not reloaded", "error", err)
			continue
		}
		log.Info("configuration reloaded")
	}
}

var levels = map[string]slog.Level{
	"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
}

func logger(cfg *config.Config) *slog.Logger {
	o := &slog.HandlerOptions{Level: levels[cfg.LogLevel]}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}
