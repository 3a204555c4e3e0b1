package shop

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"log/slog"
	"strconv"

	"github.com/statute-http/statute/respond"
)

// Job is work that takes longer than a client should wait for.
type Job struct {
	Head
	Kind   string  `json:"kind"`  // "sales"
	State  string  `json:"state"` // "waiting", "done" or "failed"
	Report *Report `json:"report,omitzero"`
}

func (*Job) keys() (owner int64, name string) { return 0, "" }

// Report is what came of a job.
type Report struct {
	Orders       int   `json:"orders"`
	Paid         int   `json:"paid"`
	RevenueCents int64 `json:"revenue_cents"`
}

// shownJob is what clients see of a job: the report has an address of its own.
type shownJob struct {
	ID    int64  `json:"id"`
	Kind  string `json:"kind"`
	State string `json:"state"`
}

func (j Job) shown() shownJob { return shownJob{j.ID, j.Kind, j.State} }

// jobInput is the content of a request.
type jobInput struct {
	Kind string `json:"kind" validate:"required,oneof=sales"`
}

// Validate implements what [respond.In] looks for.
func (in jobInput) Validate() error { return valid(in) }

// createJob takes a job on: a 202, with the place where it can be watched.
func (s *Shop) createJob(ctx context.Context, in jobInput) (respond.Outcome, error) {
	j, err := s.jobs.add(ctx, Job{Kind: in.Kind, State: "waiting"})
	if err != nil {
		return respond.Outcome{}, err
	}
	s.working.Go(func() { s.work(j.ID) })
	return respond.Accepted(fmt.Sprintf("/jobs/%d", j.ID), j.shown()), nil
}

// resume takes up the jobs that were waiting when the shop was closed.
func (s *Shop) resume(ctx context.Context) error {
	for j, err := range s.jobs.all(ctx, 0, 0) {
		if err != nil {
			return err
		}
		if j.State == "waiting" {
			s.working.Go(func() { s.work(j.ID) })
		}
	}
	return nil
}

// work does a job. If the shop is closed meanwhile, the job is left waiting.
func (s *Shop) work(id int64) {
	report, err := s.report(s.ctx)
	if s.ctx.Err() != nil {
		return
	}
	_, changed := s.jobs.change(s.ctx, id, func(j *Job) error {
		j.State, j.Report = "done", report
		if err != nil {
			j.State = "failed"
		}
		return nil
	})
	if errors.Is(changed, ErrNotFound) { // nobody wants it any more
		changed = nil
	}
	if err = errors.Join(err, changed); err != nil {
		s.log.LogAttrs(s.ctx, slog.LevelError, "job failed", slog.Int64("job", id), slog.Any("error", err))
	}
}

// report sums up all orders.
func (s *Shop) report(ctx context.Context) (*Report, error) {
	report := &Report{}
	for o, err := range s.orders.all(ctx, 0, 0) {
		if err != nil {
			return nil, err
		}
		report.Orders++
		if o.Status == "paid" {
			report.Paid++
			report.RevenueCents += o.TotalCents
		}
	}
	return report, nil
}

// readJob answers how a job stands: 200, or, when it is done, 303 to what came of
// it.
func (s *Shop) readJob(ctx context.Context, in byID) (respond.Outcome, error) {
	j, err := s.jobs.get(ctx, in.ID)
	switch {
	case err != nil:
		return respond.Outcome{}, err
	case j.State == "done":
		return respond.SeeOther(fmt.Sprintf("/jobs/%d/report", j.ID)).Cache("no-cache"), nil
	case j.State == "waiting":
		return respond.OK(j.shown()).Header("Retry-After", "1").Cache("no-cache"), nil
	}
	return respond.OK(j.shown()).Version(j.version()).Cache("no-cache"), nil
}

func (s *Shop) removeJob(ctx context.Context, in byID) (respond.Outcome, error) {
	err := s.jobs.remove(ctx, in.ID, func(Job) error { return nil })
	return respond.NoContent(), err
}

// readReport answers with what came of a job, in JSON or as a table.
func (s *Shop) readReport(ctx context.Context, in byID) (respond.Outcome, error) {
	j, err := s.jobs.get(ctx, in.ID)
	if err == nil && j.Report == nil {
		err = respond.NotFound("the job is not done")
	}
	if err != nil {
		return respond.Outcome{}, err
	}
	if respond.Chosen(ctx) == "text/csv" {
		return respond.Content("text/csv; charset=utf-8", bytes.NewReader(j.Report.csv())).
			ETag(strconv.FormatInt(j.Version, 10) + "-csv").Cache("no-cache"), nil
	}
	return respond.OK(j.Report).ETag(strconv.FormatInt(j.Version, 10)).Cache("no-cache"), nil
}

// csv returns the report as a table (RFC 4180).
func (r *Report) csv() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	_ = w.WriteAll([][]string{ // a Buffer takes all
		{"orders", "paid", "revenue_cents"},
		{strconv.Itoa(r.Orders), strconv.Itoa(r.Paid), strconv.FormatInt(r.RevenueCents, 10)},
	})
	return b.Bytes()
}
