package session

import (
	"context"
	"encoding/json"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/event"
)

// posted is a notification on its way to the other servers.
type posted struct {
	PID     int32        `json:"pid"`
	Channel string       `json:"channel,omitempty"`
	Payload string       `json:"payload,omitempty"`
	Event   *event.Event `json:"event,omitempty"`
}

// Listens says whether any session listens.
func (db *Database) Listens() bool { return db.channels.all.Load() > 0 }

// post tells notifications to the other servers: all of NOTIFY, and the events of
// resources that are shared.
func (db *Database) post(ctx context.Context, from int32, notes []notification, r catalog.Reader) {
	if db.Board == nil {
		return
	}
	var messages []json.RawMessage
	for _, n := range notes {
		if n.event != nil && !shared(r.RelationByOID(n.event.Relation)) {
			continue
		}
		// It holds nothing that JSON has no text for.
		m, _ := json.Marshal(posted{from, n.channel, n.payload, n.event})
		messages = append(messages, m)
	}
	if len(messages) > 0 {
		db.Board.Post(ctx, messages)
	}
}

func shared(rel *catalog.Relation) bool {
	return rel != nil && rel.Resource != nil && rel.Resource.Events == catalog.EventsShared && !rel.Temporary
}

// Deliver gives those who listen here what another server has told, as Board has it. What
// it can't read is of a later release.
func (db *Database) Deliver(messages []json.RawMessage) {
	r := db.Catalog.Snapshot()
	for _, m := range messages {
		var p posted
		if err := json.Unmarshal(m, &p); err != nil {
			continue
		}
		db.channels.publish(p.PID, []notification{{channel: p.Channel, payload: p.Payload, event: p.Event}}, r)
	}
}
