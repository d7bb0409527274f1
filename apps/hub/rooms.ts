/** The rooms of the hub: each module brings its resolvers and controllers; add yours to the list. */
import type { Type } from '@nestjs/common';
import { HubMembersModule } from './members/hub-members.module.js';

export const HUB_ROOMS: readonly Type[] = [HubMembersModule];
