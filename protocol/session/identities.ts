// Who a connection is: its address from the start, and whatever it shows afterwards. Identities
// belong to the connection, add up, and go with it.
// [ZK-Java ProviderRegistry, IPAuthenticationProvider, DigestAuthenticationProvider, AuthUtil]
import type { Identity } from '../acl.js';
import { makeIdentity } from '../acl.js';
import type { ServiceSettings } from '../service-settings.js';
import { digestOf, userOf } from './digest-identity.js';

export type Identities = readonly Identity[];

export function initialIdentities(address: string): Identities {
  return [makeIdentity('ip', address)];
}

function withIdentity(identities: Identities, { scheme, id }: Identity): Identities {
  const known = identities.some((one) => one.scheme === scheme && one.id === id);
  return known ? identities : [...identities, makeIdentity(scheme, id)];
}

/** The identities after addAuth; undefined: the scheme is not one that a client can show. */
export function shown(
  identities: Identities,
  scheme: string,
  auth: string,
  settings: ServiceSettings,
): Identities | undefined {
  // The address is what it is, whatever the client says.
  if (scheme === 'ip') return identities;
  if (scheme !== 'digest') return undefined;
  const id = digestOf(auth);
  const isSuper = id === settings.superDigest;
  const before = isSuper ? withIdentity(identities, makeIdentity('super', '')) : identities;
  return withIdentity(before, makeIdentity('digest', id));
}

/** As whoAmI tells: users, not hashes. */
export function usersOf(identities: Identities): Identities {
  return identities.map(({ scheme, id }) =>
    makeIdentity(scheme, scheme === 'digest' ? userOf(id) : id),
  );
}
