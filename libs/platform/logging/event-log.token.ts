/** Injection token of the process's EventLog (an interface has no token of its own): `@Inject(EVENT_LOG) log: EventLog`. */
export const EVENT_LOG = Symbol('EventLog');
