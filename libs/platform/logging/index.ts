export { correlationId, withCorrelation } from './correlation.js';
export { createEventLog, describeError, type EventFields, type EventLog, type EventLogOptions, type FieldValue } from './event-log.js';
export { EVENT_LOG } from './event-log.token.js';
