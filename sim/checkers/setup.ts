// What a checker must know besides the trace: plain data that the header of a saved trace gives
// too.
import type { Ensemble, Limits, Timing } from '../../protocol/config.js';
import type { RecipeSetting } from '../../protocol/recipes/setting.js';
import type { ServiceSettings } from '../../protocol/service-settings.js';

export interface CheckerSetup {
  readonly ensemble: Ensemble;
  readonly timing: Timing;
  readonly limits: Limits;
  readonly service: ServiceSettings;
  /** Number of clients; without any, nobody expects a write to commit. */
  readonly clients: number;
  /** What they do, if it is not the workload's operations. */
  readonly recipe: RecipeSetting | undefined;
}
