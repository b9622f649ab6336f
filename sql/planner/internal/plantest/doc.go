// Package plantest gives the planner's tests a catalog with two tables, and
// runs golden files of statements and plans. It must not be imported by
// anything but tests.
package plantest
