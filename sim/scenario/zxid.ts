// A zxid as people write it, `epoch:counter`.
import { z } from 'zod';
import { counterOf, epochOf, makeZxid } from '../../protocol/ids.js';
import type { Epoch, Zxid } from '../../protocol/ids.js';

const EXPECTED = 'a zxid like 1:3 (epoch:counter)';

export const zxid = z.codec(
  z.string({ error: EXPECTED }).regex(/^\d{1,6}:\d{1,10}$/, { error: EXPECTED }),
  z.number(),
  {
    decode: (text, context) => {
      const [epoch = 0, counter = 0] = text.split(':').map(Number);
      if (counter <= 0xffffffff) return makeZxid(epoch as Epoch, counter);
      context.issues.push({ code: 'custom', input: text, message: EXPECTED });
      return z.NEVER;
    },
    encode: (value) => `${epochOf(value as Zxid)}:${counterOf(value as Zxid)}`,
  },
);
