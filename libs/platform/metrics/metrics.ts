/**
 * Counters and histograms by event name ('job.done' becomes tally_job_done_total). Labels are few and closed; a value
 * that could be somebody's id is refused, since a metrics page is read by more people than the database.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export const METRIC_LABELS = ['job', 'outcome', 'operation', 'code', 'kind', 'route', 'state'] as const;
export type MetricLabel = (typeof METRIC_LABELS)[number];
export type MetricLabels = Readonly<Partial<Record<MetricLabel, string>>>;

const SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 1, 5, 20, 60];

export class Metrics {
  private readonly registry = new Registry();

  constructor(app: string) {
    this.registry.setDefaultLabels({ app });
    collectDefaultMetrics({ register: this.registry });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Prometheus text of everything counted so far. */
  metrics(): Promise<string> {
    return this.registry.metrics();
  }

  count(event: string, labels: MetricLabels = {}, by = 1): void {
    const name = `tally_${snake(event)}_total`;
    const metric = (this.registry.getSingleMetric(name) as Counter | undefined) ??
      new Counter({ name, help: `Number of ${event}`, labelNames: METRIC_LABELS, registers: [this.registry] });
    metric.inc(checked(labels), by);
  }

  observeSeconds(event: string, seconds: number, labels: MetricLabels = {}): void {
    const name = `tally_${snake(event)}_seconds`;
    const metric = (this.registry.getSingleMetric(name) as Histogram | undefined) ??
      new Histogram({ name, help: `Duration of ${event}`, labelNames: METRIC_LABELS, buckets: SECONDS, registers: [this.registry] });
    metric.observe(checked(labels), seconds);
  }

  set(event: string, value: number, labels: MetricLabels = {}): void {
    const name = `tally_${snake(event)}`;
    const metric = (this.registry.getSingleMetric(name) as Gauge | undefined) ??
      new Gauge({ name, help: `Current ${event}`, labelNames: METRIC_LABELS, registers: [this.registry] });
    metric.set(checked(labels), value);
  }
}

function snake(event: string): string {
  return event.replace(/[^A-Za-z0-9]+/g, '_');
}

function checked(labels: MetricLabels): Record<string, string> {
  for (const [name, value] of Object.entries(labels)) {
    if (!/^[A-Za-z][A-Za-z0-9_./:-]{0,63}$/.test(value) || /[0-9a-f]{8}-[0-9a-f]{4}|\d{7}/.test(value)) throw new TypeError(`metric label ${name} is not a closed word`);
  }
  return { ...labels };
}
