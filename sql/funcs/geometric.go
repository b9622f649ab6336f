package funcs

import (
	"github.com/s3db-sql/s3db-sql/sql/funcs/cmath"
	"github.com/s3db-sql/s3db-sql/sql/types/geometry"
)

// calc1 and calc2 lift computations that may fail.
func calc1[A, R any](f func(c *geometry.Calc, a A) R) Kernel {
	return E1(func(a A) (R, error) {
		var c geometry.Calc
		out := f(&c, a)
		return out, c.Err
	})
}

func calc2[A, B, R any](f func(c *geometry.Calc, a A, b B) R) Kernel {
	return E2(func(a A, b B) (R, error) {
		var c geometry.Calc
		out := f(&c, a, b)
		return out, c.Err
	})
}

// maybeCalc1 and maybeCalc2 lift computations that may be NULL.
func maybeCalc1[A, R any](f func(c *geometry.Calc, a A) (R, bool)) Kernel {
	return Maybe1(func(_ *Call, a A) (R, bool, error) {
		var c geometry.Calc
		out, ok := f(&c, a)
		return out, ok, c.Err
	})
}

func maybeCalc2[A, B, R any](f func(c *geometry.Calc, a A, b B) (R, bool)) Kernel {
	return Maybe2(func(_ *Call, a A, b B) (R, bool, error) {
		var c geometry.Calc
		out, ok := f(&c, a, b)
		return out, ok, c.Err
	})
}

func maybePlain2[A, B, R any](f func(a A, b B) (R, bool)) Kernel {
	return maybeCalc2(func(_ *geometry.Calc, a A, b B) (R, bool) { return f(a, b) })
}

// turned is a computation with its operands the other way round.
func turned[A, B, R any](f func(c *geometry.Calc, a A, b B) R) func(c *geometry.Calc, b B, a A) R {
	return func(c *geometry.Calc, b B, a A) R { return f(c, a, b) }
}

// sized compares by size.
func sized[T any](f func(c *geometry.Calc, a, b T, by geometry.Comparison) bool, by geometry.Comparison) Kernel {
	return calc2(func(c *geometry.Calc, a, b T) bool { return f(c, a, b, by) })
}

// bindSizes binds the comparisons of a type that are by size.
func bindSizes[T any](prefix string, f func(c *geometry.Calc, a, b T, by geometry.Comparison) bool) {
	kernels{
		prefix + "_lt": sized(f, geometry.LT), prefix + "_le": sized(f, geometry.LE),
		prefix + "_gt": sized(f, geometry.GT), prefix + "_ge": sized(f, geometry.GE),
	}.bind()
}

// transforms are the operators +, -, * and / with a point.
var transforms = map[string]struct {
	move  geometry.Transform
	turns bool
	scale func(c *geometry.Calc, r, by float64) float64
}{
	"add": {(*geometry.Calc).Add, false, nil},
	"sub": {(*geometry.Calc).Sub, false, nil},
	"mul": {(*geometry.Calc).Mul, true, (*geometry.Calc).Times},
	"div": {(*geometry.Calc).Div, true, (*geometry.Calc).Over},
}

func bindTransforms() {
	for name, t := range transforms {
		kernels{
			"point_" + name: calc2(func(c *geometry.Calc, a, b geometry.Point) geometry.Point { return t.move(c, a, b) }),
			"box_" + name: calc2(func(c *geometry.Calc, b geometry.Box, by geometry.Point) geometry.Box {
				return c.TransformBox(b, by, t.move, t.turns)
			}),
			"path_" + name + "_pt": calc2(func(c *geometry.Calc, p *geometry.Path, by geometry.Point) *geometry.Path {
				return c.TransformPath(p, by, t.move)
			}),
			"circle_" + name + "_pt": calc2(func(c *geometry.Calc, a geometry.Circle, by geometry.Point) geometry.Circle {
				return c.TransformCircle(a, by, t.move, t.scale)
			}),
		}.bind()
	}
}

func pointKernels() kernels {
	return kernels{
		"construct_point": F2(func(x, y float64) geometry.Point { return geometry.Point{X: x, Y: y} }),
		"point_eq":        F2(geometry.Point.Equal),
		"point_ne":        F2(func(a, b geometry.Point) bool { return !a.Equal(b) }),
		"point_left":      F2(geometry.Point.LeftOf),
		"point_right":     F2(geometry.Point.RightOf),
		"point_above":     F2(geometry.Point.Above),
		"point_below":     F2(geometry.Point.Below),
		"point_vert":      F2(geometry.Point.Vertical),
		"point_horiz":     F2(geometry.Point.Horizontal),
		"point_distance":  calc2((*geometry.Calc).Distance),
		"point_slope":     calc2((*geometry.Calc).Slope),
		"point_box":       F1(geometry.PointBox),
		"points_box":      F2(geometry.NewBox),
	}
}

func lineKernels() kernels {
	return kernels{
		"line_construct_pp": calc2((*geometry.Calc).LineThrough),
		"line_eq":           calc2((*geometry.Calc).LinesEqual),
		"line_vertical":     F1(geometry.Line.Vertical),
		"line_horizontal":   F1(geometry.Line.Horizontal),
		"line_perp":         calc2((*geometry.Calc).LinesPerpendicular),
		"line_parallel":     calc2((*geometry.Calc).LinesParallel),
		"line_intersect":    calc2((*geometry.Calc).LinesCross),
		"line_interpt":      maybeCalc2((*geometry.Calc).LineCrossing),
		"line_distance":     calc2((*geometry.Calc).LineDistance),
		"on_pl":             calc2((*geometry.Calc).PointOnLine),
		"dist_pl":           calc2((*geometry.Calc).PointLineDistance),
		"dist_lp":           calc2(turned((*geometry.Calc).PointLineDistance)),
		"close_pl":          maybeCalc2((*geometry.Calc).PointClosestOnLine),
	}
}

func lsegKernels() kernels {
	return kernels{
		"lseg_construct":  F2(geometry.NewSegment),
		"lseg_eq":         F2(geometry.Segment.Equal),
		"lseg_ne":         F2(func(a, b geometry.Segment) bool { return !a.Equal(b) }),
		"lseg_length":     calc1((*geometry.Calc).Length),
		"lseg_center":     calc1((*geometry.Calc).SegmentCenter),
		"lseg_vertical":   F1(geometry.Segment.Vertical),
		"lseg_horizontal": F1(geometry.Segment.Horizontal),
		"lseg_parallel":   calc2((*geometry.Calc).SegmentsParallel),
		"lseg_perp":       calc2((*geometry.Calc).SegmentsPerpendicular),
		"lseg_intersect":  calc2((*geometry.Calc).SegmentsCross),
		"lseg_interpt":    maybeCalc2((*geometry.Calc).SegmentCrossing),
		"lseg_distance":   calc2((*geometry.Calc).SegmentDistance),
		"inter_sl":        calc2((*geometry.Calc).SegmentCrossesLine),
		"on_ps":           calc2((*geometry.Calc).PointOnSegment),
		"on_sl":           calc2((*geometry.Calc).SegmentOnLine),
		"dist_ps":         calc2((*geometry.Calc).PointSegmentDistance),
		"dist_sp":         calc2(turned((*geometry.Calc).PointSegmentDistance)),
		"dist_sl":         calc2((*geometry.Calc).SegmentLineDistance),
		"dist_ls":         calc2(turned((*geometry.Calc).SegmentLineDistance)),
		"close_ps":        maybeCalc2((*geometry.Calc).PointClosestOnSegment),
		"close_ls":        maybeCalc2((*geometry.Calc).LineClosestOnSegment),
		"close_lseg":      maybeCalc2((*geometry.Calc).SegmentClosestOnSegment),
	}
}

func boxKernels() kernels {
	return kernels{
		"box_same":        F2(geometry.Box.Same),
		"box_overlap":     F2(geometry.Box.Overlaps),
		"box_contain":     F2(geometry.Box.Contains),
		"box_contained":   F2(commuted(geometry.Box.Contains)),
		"box_contain_pt":  F2(geometry.Box.ContainsPoint),
		"on_pb":           F2(commuted(geometry.Box.ContainsPoint)),
		"on_sb":           F2(commuted(geometry.Box.ContainsSegment)),
		"box_left":        F2(geometry.Box.LeftOf),
		"box_overleft":    F2(geometry.Box.OverLeft),
		"box_right":       F2(geometry.Box.RightOf),
		"box_overright":   F2(geometry.Box.OverRight),
		"box_below":       F2(geometry.Box.Below),
		"box_overbelow":   F2(geometry.Box.OverBelow),
		"box_above":       F2(geometry.Box.Above),
		"box_overabove":   F2(geometry.Box.OverAbove),
		"box_below_eq":    F2(geometry.Box.BelowEqual),
		"box_above_eq":    F2(geometry.Box.AboveEqual),
		"boxes_bound_box": F2(geometry.Box.Union),
		"box_intersect":   maybePlain2(geometry.Box.Intersection),
		"box_diagonal":    F1(geometry.Box.Diagonal),
		"box_poly":        F1(geometry.Box.Polygon),
		"box_eq":          sized((*geometry.Calc).CompareBoxes, geometry.EQ),
		"box_area":        calc1((*geometry.Calc).BoxArea),
		"box_width":       calc1((*geometry.Calc).Width),
		"box_height":      calc1((*geometry.Calc).Height),
		"box_center":      calc1((*geometry.Calc).BoxCenter),
		"box_circle":      calc1((*geometry.Calc).BoxCircle),
		"box_distance":    calc2((*geometry.Calc).BoxDistance),
		"inter_sb":        calc2((*geometry.Calc).SegmentCrossesBox),
		"inter_lb":        calc2((*geometry.Calc).LineCrossesBox),
		"dist_pb":         calc2((*geometry.Calc).PointBoxDistance),
		"dist_bp":         calc2(turned((*geometry.Calc).PointBoxDistance)),
		"dist_sb":         calc2((*geometry.Calc).SegmentBoxDistance),
		"dist_bs":         calc2(turned((*geometry.Calc).SegmentBoxDistance)),
		"close_pb":        maybeCalc2((*geometry.Calc).PointClosestOnBox),
		"close_sb":        maybeCalc2((*geometry.Calc).SegmentClosestOnBox),
	}
}

func pathKernels() kernels {
	points := func(p *geometry.Path) int32 { return int32(len(p.Points)) }
	count := by(func(p, q *geometry.Path) int { return len(p.Points) - len(q.Points) })
	return kernels{
		"path_n_eq": count[opEq], "path_n_lt": count[opLt], "path_n_le": count[opLe],
		"path_n_gt": count[opGt], "path_n_ge": count[opGe],
		"path_npoints":  F1(points),
		"path_isclosed": F1(func(p *geometry.Path) bool { return p.Closed }),
		"path_isopen":   F1(func(p *geometry.Path) bool { return !p.Closed }),
		"path_close":    F1(func(p *geometry.Path) *geometry.Path { return p.WithClosed(true) }),
		"path_open":     F1(func(p *geometry.Path) *geometry.Path { return p.WithClosed(false) }),
		"path_area":     maybeCalc1((*geometry.Calc).PathArea),
		"path_length":   calc1((*geometry.Calc).PathLength),
		"path_poly":     calc1((*geometry.Calc).PathPolygon),
		"path_add":      maybePlain2((*geometry.Path).Joined),
		"path_inter":    calc2((*geometry.Calc).PathsCross),
		"path_distance": maybeCalc2((*geometry.Calc).PathDistance),
		"dist_ppath":    calc2((*geometry.Calc).PointPathDistance),
		"dist_pathp":    calc2(turned((*geometry.Calc).PointPathDistance)),
		"on_ppath":      calc2((*geometry.Calc).PointOnPath),

		"path_contain_pt(path,point)": calc2(turned((*geometry.Calc).PointOnPath)),
	}
}

func polygonKernels() kernels {
	return kernels{
		"poly_npoints":      F1(func(p *geometry.Polygon) int32 { return int32(len(p.Points)) }),
		"poly_box":          F1(func(p *geometry.Polygon) geometry.Box { return p.Bound }),
		"poly_path":         F1((*geometry.Polygon).Path),
		"poly_same":         F2((*geometry.Polygon).Same),
		"poly_left":         F2((*geometry.Polygon).LeftOf),
		"poly_overleft":     F2((*geometry.Polygon).OverLeft),
		"poly_right":        F2((*geometry.Polygon).RightOf),
		"poly_overright":    F2((*geometry.Polygon).OverRight),
		"poly_below":        F2((*geometry.Polygon).Below),
		"poly_overbelow":    F2((*geometry.Polygon).OverBelow),
		"poly_above":        F2((*geometry.Polygon).Above),
		"poly_overabove":    F2((*geometry.Polygon).OverAbove),
		"poly_center":       calc1((*geometry.Calc).PolygonCenter),
		"poly_circle":       calc1((*geometry.Calc).PolygonCircle),
		"poly_overlap":      calc2((*geometry.Calc).PolygonsOverlap),
		"poly_contain":      calc2((*geometry.Calc).PolygonContains),
		"poly_contained":    calc2(turned((*geometry.Calc).PolygonContains)),
		"poly_contain_pt":   calc2((*geometry.Calc).PolygonContainsPoint),
		"pt_contained_poly": calc2(turned((*geometry.Calc).PolygonContainsPoint)),
		"poly_distance":     maybeCalc2((*geometry.Calc).PolygonDistance),
		"dist_ppoly":        calc2((*geometry.Calc).PointPolygonDistance),
		"dist_polyp":        calc2(turned((*geometry.Calc).PointPolygonDistance)),
		"dist_cpoly":        calc2((*geometry.Calc).CirclePolygonDistance),
		"dist_polyc":        calc2(turned((*geometry.Calc).CirclePolygonDistance)),
	}
}

// defaultCirclePoints are those of polygon(circle).
const defaultCirclePoints = 12

func circlePolygon(c *geometry.Calc, n int32, a geometry.Circle) *geometry.Polygon {
	return c.CirclePolygon(n, a, cmath.Sin, cmath.Cos)
}

func circleKernels() kernels {
	return kernels{
		"cr_circle":           F2(geometry.NewCircle),
		"circle_center":       F1(func(a geometry.Circle) geometry.Point { return a.Center }),
		"circle_radius":       F1(func(a geometry.Circle) float64 { return a.Radius }),
		"circle_same":         F2(geometry.Circle.Same),
		"circle_eq":           sized((*geometry.Calc).CompareCircles, geometry.EQ),
		"circle_ne":           sized((*geometry.Calc).CompareCircles, geometry.NE),
		"circle_area":         calc1((*geometry.Calc).CircleArea),
		"circle_diameter":     calc1((*geometry.Calc).Diameter),
		"circle_box":          calc1((*geometry.Calc).CircleBox),
		"circle_overlap":      calc2((*geometry.Calc).CirclesOverlap),
		"circle_contain":      calc2((*geometry.Calc).CircleContains),
		"circle_contained":    calc2(turned((*geometry.Calc).CircleContains)),
		"circle_left":         calc2((*geometry.Calc).CircleLeft),
		"circle_overleft":     calc2((*geometry.Calc).CircleOverLeft),
		"circle_right":        calc2((*geometry.Calc).CircleRight),
		"circle_overright":    calc2((*geometry.Calc).CircleOverRight),
		"circle_below":        calc2((*geometry.Calc).CircleBelow),
		"circle_overbelow":    calc2((*geometry.Calc).CircleOverBelow),
		"circle_above":        calc2((*geometry.Calc).CircleAbove),
		"circle_overabove":    calc2((*geometry.Calc).CircleOverAbove),
		"circle_distance":     calc2((*geometry.Calc).CircleDistance),
		"circle_contain_pt":   calc2((*geometry.Calc).CircleContainsPoint),
		"pt_contained_circle": calc2(turned((*geometry.Calc).CircleContainsPoint)),
		"dist_pc":             calc2((*geometry.Calc).PointCircleDistance),
		"dist_cpoint":         calc2(turned((*geometry.Calc).PointCircleDistance)),
		"circle_poly":         calc2(circlePolygon),

		"polygon(circle)": calc1(func(c *geometry.Calc, a geometry.Circle) *geometry.Polygon {
			return circlePolygon(c, defaultCirclePoints, a)
		}),
	}
}

func init() {
	for _, ks := range []kernels{
		pointKernels(), lineKernels(), lsegKernels(), boxKernels(), pathKernels(), polygonKernels(), circleKernels(),
	} {
		ks.bind()
	}
	bindTransforms()
	bindSizes("lseg", (*geometry.Calc).CompareSegments)
	bindSizes("box", (*geometry.Calc).CompareBoxes)
	bindSizes("circle", (*geometry.Calc).CompareCircles)
}
