/** Counts by outcome only: no member is a label. */
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

export class KeyholderMetrics {
  readonly registry = new Registry();
  private readonly batches = new Counter({ name: 'tally_keyholder_batches_total', help: 'Batches by outcome code', labelNames: ['outcome'], registers: [this.registry] });
  private readonly points = new Counter({ name: 'tally_keyholder_points_total', help: 'Points evaluated', labelNames: ['charged'], registers: [this.registry] });
  private readonly seconds = new Histogram({
    name: 'tally_keyholder_batch_seconds', help: 'Time of a batch from its last byte to the answer', buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10], registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  answered(n: number, charged: boolean, seconds: number): void {
    this.batches.inc({ outcome: charged ? 'CHARGED' : 'REPEAT' });
    this.points.inc({ charged: String(charged) }, n);
    this.seconds.observe(seconds);
  }

  refused(code: string): void {
    this.batches.inc({ outcome: code });
  }
}
