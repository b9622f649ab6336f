package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// places says where a construct may stand: PostgreSQL's switch over
// ParseExprKind in check_agglevels_and_constraints, transformWindowFuncCall and
// check_srf_call_placement.
type places struct {
	code pgerr.Code
	what string // "aggregate functions"
	// allowed kinds.
	allowed map[exprKind]bool
	// words where the message has more than the clause's name.
	words map[exprKind]string
}

func kinds(ks ...exprKind) map[exprKind]bool {
	m := map[exprKind]bool{}
	for _, k := range ks {
		m[k] = true
	}
	return m
}

var commonWords = map[exprKind]string{
	kindJoinOn: "JOIN conditions", kindJoinUsing: "JOIN conditions", kindFromFunction: "functions in FROM",
	kindMergeWhen: "MERGE WHEN conditions", kindCheck: "check constraints", kindDefault: "DEFAULT expressions",
	kindIndexExpression: "index expressions", kindIndexPredicate: "index predicates",
	kindAlterColTransform: "transform expressions", kindExecuteParameter: "EXECUTE parameters",
	kindGenerated: "column generation expressions", kindPolicy: "policy expressions", kindCall: "CALL arguments",
	kindCopyWhere: "COPY FROM WHERE conditions", kindTriggerWhen: "trigger WHEN conditions",
	kindPartitionExpression: "partition key expressions", kindPartitionBound: "partition bound",
}

func withWords(extra map[exprKind]string) map[exprKind]string {
	m := map[exprKind]string{}
	for k, v := range commonWords {
		m[k] = v
	}
	for k, v := range extra {
		m[k] = v
	}
	return m
}

const windowDefinitions = "window definitions"

var (
	aggregatePlaces = places{
		code: pgerr.GroupingError, what: "aggregate functions",
		allowed: kinds(kindOther, kindHaving, kindWindowPartition, kindWindowOrder, kindSelectTarget, kindOrderBy, kindDistinctOn),
		words:   withWords(map[exprKind]string{kindFromSubselect: "FROM clause of their own query level"}),
	}
	groupingPlaces = places{
		code: pgerr.GroupingError, what: "grouping operations", allowed: aggregatePlaces.allowed, words: aggregatePlaces.words,
	}
	windowPlaces = places{
		code: pgerr.WindowingError, what: "window functions",
		allowed: kinds(kindOther, kindSelectTarget, kindOrderBy, kindDistinctOn),
		words: withWords(map[exprKind]string{
			kindWindowPartition: windowDefinitions, kindWindowOrder: windowDefinitions, kindWindowFrameRange: windowDefinitions,
			kindWindowFrameRows: windowDefinitions, kindWindowFrameGroups: windowDefinitions,
		}),
	}
	setReturningPlaces = places{
		code: pgerr.FeatureNotSupported, what: "set-returning functions",
		allowed: kinds(kindOther, kindSelectTarget, kindInsertTarget, kindValuesSingle, kindOrderBy, kindGroupBy, kindDistinctOn,
			kindWindowPartition, kindWindowOrder),
		words: withWords(map[exprKind]string{
			kindWindowFrameRange: windowDefinitions, kindWindowFrameRows: windowDefinitions, kindWindowFrameGroups: windowDefinitions,
		}),
	}
)

// checkPlacement fails where the current kind of expression does not allow the
// construct.
func (s *scope) checkPlacement(p places, pos int) {
	if p.allowed[s.kind] {
		return
	}
	if s.kind == kindFromFunction && p.what == setReturningPlaces.what {
		failAt(pos, p.code, "set-returning functions must appear at top level of FROM")
	}
	word := p.words[s.kind]
	if word == "" {
		word = kindNames[s.kind]
	}
	failAt(pos, p.code, "%s are not allowed in %s", p.what, word)
}
