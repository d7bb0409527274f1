/** Every migration of the hub's database, in the order in which they run. Append only. */
import { Platform1760000000001 } from './1760000000001-platform.js';
import { Directory1760000000002 } from './1760000000002-directory.js';
import { Clues1760000000003 } from './1760000000003-clues.js';
import { Cases1760000000004 } from './1760000000004-cases.js';
import { Oidc1760000000005 } from './1760000000005-oidc.js';
import { MatchPlans1760000000006 } from './1760000000006-match-plans.js';
import { Brands1760000000010 } from './1760000000010-brands.js';
import { TextBands1760000000011 } from './1760000000011-text-bands.js';
import { Epochs1760000000017 } from './1760000000017-epochs.js';
import { CheckOverEpochs1760000000018 } from './1760000000018-check-over-epochs.js';
import { WarnedTokensEnd1760000000019 } from './1760000000019-warned-tokens-end.js';
import { TextsMove1760000000020 } from './1760000000020-texts-move.js';

export const migrations = [
  Platform1760000000001,
  Directory1760000000002,
  Clues1760000000003,
  Cases1760000000004,
  Oidc1760000000005,
  MatchPlans1760000000006,
  Brands1760000000010,
  TextBands1760000000011,
  Epochs1760000000017,
  CheckOverEpochs1760000000018,
  WarnedTokensEnd1760000000019,
  TextsMove1760000000020,
] as const;
