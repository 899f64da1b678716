// Seed 000, 2025-11-13: "presigned URLs expired". What the report believes: URLs were dated 8 h before they were used.
//
// Asserted: with presigning 8 h slow, practically every fetch is refused with 403 "Request has expired", none with
// 404; with the whole process 8 h slow nothing is even uploaded; a 24 h expiry, the report's remedy, cures this.
//
// What the report missed: it saw 404s. An S3 server checks expiry before it looks for the object, so an expired URL
// is a 403 whatever else is wrong; `20251113T032050Z` is UTC, 11:20:50 in UTC+8, and was fresh. The 404s mean that
// the objects were gone: see deleted-before-fetch, where the same remedy changes nothing.
import { defineScenario } from 'aftershock'

export default defineScenario({
  name: 'presign-clock-skew',
  incident: 'seed 000, 2025-11-13: presigned URLs expired (as the report has it)',
  symptoms: [
    'Request has expired',
    'AccessDenied',
    'RequestTimeTooSkewed',
    '签名过期',
    'URL签名过期',
    'HTTP Error 403: Forbidden',
  ],
  start: '2025-11-13T11:14:00+08:00',
  pipeline: { kind: 'inference', presign: { expiry: '1h' } },
  load: { kind: 'arrivals', rate: '12/s', for: '8m' },
  faults: [{ kind: 'clock.skew', host: 'analyser', offset: '-8h', affects: 'presign', at: '0s' }],
  fingerprint: {
    'attempts{route:fetch,class:http-403,code:AccessDenied}': ['rate>=0.99'],
    'attempts{route:fetch,class:http-404}': ['count==0'],
  },
  thresholds: { item_lost: ['rate<0.01'] },
  brief: { load: { rate: '4/s', for: '2m' } },
  variants: {
    baseline: {
      about: 'Only presigning is 8 h slow',
      expect: { breach: ['item_lost'] },
    },
    wholeProcess: {
      about:
        'The whole process is 8 h slow: its own uploads are refused, and nothing is left to fetch',
      faults: [{ kind: 'clock.skew', host: 'analyser', offset: '-8h', affects: 'all', at: '0s' }],
      fingerprint: {
        'attempts{route:fetch}': ['count==0'],
        'attempts{route:put,code:RequestTimeTooSkewed}': ['rate>=0.99'],
        'attempts{route:list,code:RequestTimeTooSkewed,phase:fault}': ['rate>=0.99'],
      },
      expect: { breach: ['item_lost'] },
    },
    expiry24h: {
      about: "The report's remedy: URLs live 24 h",
      pipeline: { presign: { expiry: '24h' } },
    },
  },
})
