import { TenantAppConfig } from '#platform/config';

/** The worker adds nothing yet to what every app with members' rows reads. */
export class WorkerConfig extends TenantAppConfig {}
