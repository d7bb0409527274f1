export { METRIC_LABELS, Metrics, type MetricLabel, type MetricLabels } from './metrics.js';
