package notices

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Listen begins to read what the other servers tell, unless that goes on already: what
// they commit from now on is delivered, as long as Wanted says so.
func (b *Board) Listen(ctx context.Context) {
	b.listening.Lock()
	defer b.listening.Unlock()
	if b.reading || b.ctx.Err() != nil {
		return
	}
	keys, err := b.list(ctx)
	b.warn("could not list notices", err)
	b.seen = map[string]bool{}
	for _, key := range keys {
		b.seen[key] = true
	}
	b.reading = true
	b.wg.Go(b.read)
}

// read looks for new notices once in each interval, while somebody listens.
func (b *Board) read() {
	for b.wait() {
		b.listening.Lock()
		if !b.Wanted() {
			b.reading = false
			b.listening.Unlock()
			return
		}
		b.listening.Unlock()
		b.warn("could not read the notices of other servers", b.poll(b.ctx))
	}
}

// poll delivers what is new. It stops at what it can't read, to begin there again.
func (b *Board) poll(ctx context.Context) error {
	keys, err := b.list(ctx)
	if err != nil {
		return err
	}
	seen := make(map[string]bool, len(keys))
	defer func() { b.seen = seen }()
	for _, key := range keys {
		if b.seen[key] {
			seen[key] = true
		}
	}
	for _, key := range keys {
		if seen[key] {
			continue
		}
		messages, err := b.get(ctx, key)
		if err != nil {
			return err
		}
		seen[key] = true
		b.Deliver(messages)
	}
	return nil
}

// get reads an object; nothing where it has gone meanwhile.
func (b *Board) get(ctx context.Context, key string) (messages []json.RawMessage, err error) {
	o, err := b.Objects.Get(ctx, key, objstore.GetOptions{})
	if objstore.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	body, err := objstore.ReadBody(o, 2*maxObject)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(body, &messages); err != nil {
		b.warn("a notice can't be read: "+key, err)
	}
	return messages, nil
}

// list lists the notices of others in their order, and removes what is left of those who
// have crashed.
func (b *Board) list(ctx context.Context) (keys []string, err error) {
	var old []string
	for after := ""; ; {
		page, err := b.Objects.List(ctx, objstore.ListRequest{Prefix: prefix, StartAfter: after})
		if err != nil {
			return nil, err
		}
		for _, o := range page.Objects {
			switch {
			case b.Clock.Now().Sub(o.LastModified) > stale*b.retention():
				old = append(old, o.Key)
			case !strings.HasSuffix(o.Key, "-"+b.self):
				keys = append(keys, o.Key)
			}
		}
		if !page.More {
			break
		}
		after = page.Next
	}
	if len(old) > 0 {
		b.warn("could not remove old notices", b.Objects.DeleteBatch(ctx, old))
	}
	return keys, nil
}
