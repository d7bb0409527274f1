/** The rooms of the hub: each module brings its resolvers and controllers; add yours to the list. */
import type { Type } from '@nestjs/common';
import { HubBrandsModule } from './brands/hub-brands.module.js';
import { HubCasesModule } from './cases/hub-cases.module.js';
import { HubCluesModule } from './clues/hub-clues.module.js';
import { HubEpochsModule } from './epochs/hub-epochs.module.js';
import { HubLiaisonModule } from './liaison/hub-liaison.module.js';
import { HubMembersModule } from './members/hub-members.module.js';
import { HubOprfModule } from './oprf/hub-oprf.module.js';
import { HubOverlapsModule } from './overlaps/hub-overlaps.module.js';

export const HUB_ROOMS: readonly Type[] = [HubMembersModule, HubCluesModule, HubOverlapsModule, HubCasesModule, HubLiaisonModule, HubEpochsModule, HubOprfModule, HubBrandsModule];
