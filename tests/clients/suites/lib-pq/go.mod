module suite

go 1.26.0

require tap v0.0.0

require github.com/lib/pq v1.12.3

replace tap => ../_lib/tapgo
