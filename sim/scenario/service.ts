// The section `service` of a scenario: what an operator of ZooKeeper sets about the service, by
// names of our own, with ZooKeeper's defaults. How it is written, what it means, and the way back.
import { z } from 'zod';
import type { ServiceSettings } from '../../protocol/service-settings.js';
import { DEFAULT_SERVICE } from '../../protocol/service-settings.js';
import { integerFrom, milliseconds } from './units.js';

export const service = z.strictObject({
  compatibility: z.enum(['3.9.5', '3.8.0'], { error: 'a release: 3.9.5 or 3.8.0' }).optional(),
  'extended-types': z.boolean().optional(),
  'enforce-quota': z.boolean().optional(),
  'skip-acl': z.boolean().optional(),
  'local-sessions': z.boolean().optional(),
  'upgrade-local-sessions': z.boolean().optional(),
  'super-digest': z.string().optional(),
  'max-buffer': integerFrom(64, 0x7fffffff).optional(),
  'container-check-interval': milliseconds.optional(),
  'max-containers-per-minute': integerFrom(1, 60_000).optional(),
  'max-never-used': milliseconds.optional(),
});
type ServiceDocument = z.output<typeof service>;

export function readService(written: ServiceDocument): ServiceSettings {
  const usual = DEFAULT_SERVICE;
  return {
    extendedTypesEnabled: written['extended-types'] ?? usual.extendedTypesEnabled,
    enforceQuota: written['enforce-quota'] ?? usual.enforceQuota,
    skipAcl: written['skip-acl'] ?? usual.skipAcl,
    localSessionsEnabled: written['local-sessions'] ?? usual.localSessionsEnabled,
    localSessionsUpgradingEnabled:
      written['upgrade-local-sessions'] ?? usual.localSessionsUpgradingEnabled,
    reconfigEnabled: usual.reconfigEnabled,
    superDigest: written['super-digest'],
    maxBufferBytes: written['max-buffer'] ?? usual.maxBufferBytes,
    containerCheckIntervalMs: written['container-check-interval'] ?? usual.containerCheckIntervalMs,
    maxContainersPerMinute: written['max-containers-per-minute'] ?? usual.maxContainersPerMinute,
    maxNeverUsedIntervalMs: written['max-never-used'] ?? usual.maxNeverUsedIntervalMs,
    compatibility: written.compatibility ?? usual.compatibility,
  };
}

/** With nothing in it that is the default; undefined where everything is. */
export function writeService(settings: ServiceSettings): ServiceDocument | undefined {
  const differs = <K extends keyof ServiceSettings>(key: K): ServiceSettings[K] | undefined =>
    settings[key] === DEFAULT_SERVICE[key] ? undefined : settings[key];
  const written = {
    compatibility: differs('compatibility'),
    'extended-types': differs('extendedTypesEnabled'),
    'enforce-quota': differs('enforceQuota'),
    'skip-acl': differs('skipAcl'),
    'local-sessions': differs('localSessionsEnabled'),
    'upgrade-local-sessions': differs('localSessionsUpgradingEnabled'),
    'super-digest': differs('superDigest'),
    'max-buffer': differs('maxBufferBytes'),
    'container-check-interval': differs('containerCheckIntervalMs'),
    'max-containers-per-minute': differs('maxContainersPerMinute'),
    'max-never-used': differs('maxNeverUsedIntervalMs'),
  };
  return Object.values(written).some((value) => value !== undefined) ? written : undefined;
}
