package parser

import (
	"container/list"
	"sync"
)

// Bounds of the cache; a tree takes some forty times its text.
const (
	cacheTexts     = 4096
	cacheBytes     = 2 << 20 // of text in all
	cacheTextBytes = 16 << 10
)

// treeCache keeps the trees of recent messages by text, least recently used
// out first. Errors are not kept. It is safe for concurrent use.
type treeCache struct {
	mu     sync.Mutex
	byText map[string]*cacheElement
	recent list.List
	bytes  int
}

// cacheElement holds a *cacheEntry.
type cacheElement = list.Element

type cacheEntry struct {
	text  string
	stmts []Statement
}

var trees = treeCache{byText: make(map[string]*cacheElement)}

func (c *treeCache) get(text string) ([]Statement, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byText[text]
	if !ok {
		return nil, false
	}
	c.recent.MoveToFront(e)
	return e.Value.(*cacheEntry).stmts, true
}

func (c *treeCache) put(text string, stmts []Statement) {
	if len(text) > cacheTextBytes {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byText[text]; ok {
		return
	}
	c.byText[text] = c.recent.PushFront(&cacheEntry{text, stmts})
	c.bytes += len(text)
	for c.recent.Len() > cacheTexts || c.bytes > cacheBytes {
		c.evict()
	}
}

func (c *treeCache) evict() {
	entry := c.recent.Remove(c.recent.Back()).(*cacheEntry)
	delete(c.byText, entry.text)
	c.bytes -= len(entry.text)
}
