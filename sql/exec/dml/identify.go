package dml

import (
	"context"
	"slices"
)

// identify gives ids to new rows that have none, all at once, where the storage must ask
// for them: rows are values by nums, and both may grow by the key's column.
func (n *Insert) identify(ctx context.Context, nums []int16, rows [][]any) ([]int16, error) {
	pk := n.Rel.PrimaryKey()
	if pk == nil || len(pk.Columns) != 1 || n.Rel.Resource == nil || !n.Rel.Resource.CountsIDs {
		return nums, nil
	}
	at := slices.Index(nums, pk.Columns[0].Num)
	if at < 0 {
		at, nums = len(nums), append(slices.Clip(nums), pk.Columns[0].Num)
		for k := range rows {
			rows[k] = append(slices.Clip(rows[k]), nil)
		}
	}
	var missing []int
	for k, row := range rows {
		if row[at] == nil {
			missing = append(missing, k)
		}
	}
	if len(missing) == 0 {
		return nums, nil
	}
	ids, err := n.table.NewIDs(ctx, len(missing))
	for i, id := range ids {
		rows[missing[i]][at] = id
	}
	return nums, err
}
