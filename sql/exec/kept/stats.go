package kept

import (
	"fmt"

	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Distinct counts the different values of the column at position at, whose number in
// the table is num: exactly, but for values whose hashes are the same. NULLs count as
// one.
func Distinct(k *storage.Kept, num int16, at int) int {
	return k.Derived(fmt.Sprint("distinct ", num), func() (any, int64) {
		return distinct(k.Columns[at], k.Rows), 16
	}).(int)
}

func distinct(col vec.Vector, n int) int {
	h := columns.NewHasher(col.Type())
	slots := 64
	for slots < 2*n {
		slots *= 2
	}
	seen := make([]uint64, slots)
	hashes := make([]uint64, building)
	count := 0
	for from := 0; from < n; from += building {
		part := col.Slice(from, min(from+building, n))
		clear(hashes)
		h(part, nil, part.Len(), hashes)
		for _, x := range hashes[:part.Len()] {
			x |= 1 // 0 is an empty slot
			s := x >> 16 & uint64(slots-1)
			for seen[s] != 0 && seen[s] != x {
				s = (s + 1) & uint64(slots-1)
			}
			if seen[s] == 0 {
				seen[s] = x
				count++
			}
		}
	}
	return count
}

// SampleSize is how many rows stand for a table.
const SampleSize = 1024

// Sample returns columns of up to SampleSize rows, chosen evenly over the table but not
// at equal distances; nums are the columns' numbers in the table.
func Sample(k *storage.Kept, nums []int16) *vec.Batch {
	rows := k.Derived("sample", func() (any, int64) {
		rows := sampleRows(k.Rows)
		return rows, int64(len(rows)) * 4
	}).([]int32)
	cols := make([]vec.Vector, len(nums))
	for i, num := range nums {
		cols[i] = k.Derived(fmt.Sprint("sample ", num), func() (any, int64) {
			v := k.Columns[i].Gather(rows)
			return v, v.MemSize()
		}).(vec.Vector)
	}
	return vec.NewBatch(cols, len(rows))
}

func sampleRows(n int) []int32 {
	if n <= SampleSize {
		return vec.All(n)
	}
	rows := make([]int32, SampleSize)
	for i := range rows {
		from, to := i*n/SampleSize, (i+1)*n/SampleSize
		rows[i] = int32(from + int(columns.Remix(uint64(i), 0)%uint64(to-from)))
	}
	return rows
}
