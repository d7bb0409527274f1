/**
 * Does the time of a call depend on what it is given? The method of dudect (Reparaz, Balasch, Verbauwhede 2017): two classes of inputs in
 * random order, Welch's t-test on the times, repeated on the fastest part of them, since what disturbs a machine only ever slows it down.
 */
export interface TimedClasses {
  /** Nanoseconds, class by class. */
  readonly fixed: readonly number[];
  readonly random: readonly number[];
}
export interface Verdict {
  /** The largest |t| over all crops. Below 4.5: no evidence of a difference. */
  readonly t: number;
  /** Difference of the means over the mean, at that crop. */
  readonly relative: number;
  readonly samples: number;
}

/** Shares of the pooled times that are kept. */
const CROPS = [1, 0.95, 0.8, 0.6, 0.4, 0.2];
const PER_CLASS_MIN = 50;

export function judgeTimes({ fixed, random }: TimedClasses): Verdict {
  const pooled = [...fixed, ...random].sort((a, b) => a - b);
  let worst: Verdict = { t: 0, relative: 0, samples: pooled.length };
  for (const share of CROPS) {
    const limit = pooled[Math.ceil(share * pooled.length) - 1] as number;
    const [a, b] = [fixed, random].map((times) => times.filter((time) => time <= limit)) as [number[], number[]];
    // A class that hardly reaches the fast part is a difference by itself: the crop before shows it.
    if (a.length < PER_CLASS_MIN || b.length < PER_CLASS_MIN) break;
    const { t, relative } = welch(a, b);
    if (Math.abs(t) > worst.t) worst = { t: Math.abs(t), relative, samples: a.length + b.length };
  }
  return worst;
}

function welch(a: readonly number[], b: readonly number[]): { t: number; relative: number } {
  const [x, y] = [momentsOf(a), momentsOf(b)];
  const error = Math.sqrt(x.variance / a.length + y.variance / b.length);
  return { t: error === 0 ? 0 : (x.mean - y.mean) / error, relative: (x.mean - y.mean) / y.mean };
}

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) };
}
