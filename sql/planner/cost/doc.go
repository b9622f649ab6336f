// Package cost estimates: how many rows a condition keeps, how many rows a join
// makes, and what a vector of requests, bytes, waves and CPU rows is worth as
// one number. Every constant of the planner stands here, with its source.
package cost
