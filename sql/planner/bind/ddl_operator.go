package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
)

// DescribeOperator is how messages call an operator.
func DescribeOperator(env *Env, o *catalog.Operator) string {
	b := newBinder(env)
	left := ""
	if o.Left != 0 {
		left = b.oidName(o.Left)
	} else {
		left = "NONE"
	}
	return "operator " + o.Name + "(" + left + "," + b.oidName(o.Right) + ")"
}

// DescribeCast is how messages call a cast.
func DescribeCast(env *Env, c *catalog.Cast) string {
	b := newBinder(env)
	return "cast from " + b.oidName(c.From) + " to " + b.oidName(c.To)
}
