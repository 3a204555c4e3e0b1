package check

import (
	"context"

	"github.com/statute-http/statute"
)

// risks tries what the user alone wants tried, after all else: what would act on
// what the run did not make, what would delete that, then operations whose names
// speak of harm: they may end the server or the log-in.
func (r *run) risks(ctx context.Context) {
	stages := make([][]*operation, 3)
	for _, op := range r.operations {
		stage := 0
		switch {
		case op.outcome.State != statute.Unreached || op.outcome.Last != nil || !matches(r.Risky, op.Operation):
			continue
		case danger(op.Operation) != "":
			stage = 2
		case op.Method == "DELETE":
			stage = 1
		}
		stages[stage] = append(stages[stage], op)
	}
	r.daring = true
	for _, stage := range stages {
		for i, op := range stage {
			if r.over(ctx) {
				return
			}
			r.progress(op, i)
			if op.Method == "DELETE" {
				r.life(ctx, op)
			} else {
				r.reach(ctx, op)
			}
		}
		r.cases(ctx, stage)
	}
}
