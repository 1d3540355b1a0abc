import fc from 'fast-check';
import { AmunError, isAmunError } from '../../../shared/errors/amun-error.js';
import { createInspectionComplete } from '../../../shared/events/create-event.js';
import { MAX_EVENT_BYTES, parseEvent } from '../../../shared/events/parse-event.js';

const INSPECTION_ID = 'inspection-0123456789abcdef';
const BUILD_ID = `build-${'0f'.repeat(16)}-1`;

const complete = {
  ...createInspectionComplete({
    id: INSPECTION_ID,
    created: '2024-05-01T11:00:00.000Z',
    phase: 'succeeded',
    buildId: BUILD_ID,
    buildReused: true,
    batchSize: 1,
    hasScript: true,
    sendMessages: true,
    forceSync: false,
    finished: '2024-05-01T12:00:00.000Z',
  }),
};

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const withData = (data: object) => ({ ...complete, data: { ...complete.data, ...data } });

describe('parseEvent', () => {
  it('reads an event of ours', () => {
    expect(parseEvent(bytes(complete))).toEqual(complete);
  });

  it('leaves out what is not ours', () => {
    const foreign = { ...withData({ secret: 1 }), traceparent: '00-ab', __proto__x: 1 };
    expect(parseEvent(bytes(foreign))).toEqual(complete);
    const polluting = JSON.stringify(complete).replace('{', '{"__proto__":{"data":1},');
    expect(parseEvent(new TextEncoder().encode(polluting))).toEqual(complete);
  });

  it('takes null for an optional field as absent', () => {
    expect(parseEvent(bytes(withData({ reason: null })))).toEqual(complete);
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', [], /must be a JSON object/],
    ['null', null, /must be a JSON object/],
    ['another specversion', { ...complete, specversion: '0.3' }, /specversion/],
    ['another content type', { ...complete, datacontenttype: 'text/plain' }, /datacontenttype/],
    ['an unknown type', { ...complete, type: 'amun.other' }, /type must be one of amun\./],
    ['a type that is inherited', { ...complete, type: 'constructor' }, /type must be one of/],
    ['no id', { ...complete, id: undefined }, /^id must be/],
    ['an id with a line break', { ...complete, id: 'a\nNats-Rollup: all' }, /^id must be/],
    ['an endless id', { ...complete, id: 'x'.repeat(300) }, /^id must be/],
    ['no source', { ...complete, source: '' }, /^source must be/],
    ['a subject that is no id', { ...complete, subject: '../../etc' }, /subject must be the id/],
    ['a build where an inspection belongs', { ...complete, subject: BUILD_ID }, /subject must be/],
    ['a time that is none', { ...complete, time: 'yesterday' }, /^time must be/],
    ['a day that is none', { ...complete, time: '2024-13-45T12:00:00Z' }, /^time must be/],
    ['no data', { ...complete, data: undefined }, /^data must be/],
    ['data that lacks a field', withData({ phase: undefined }), /data\.phase is missing/],
    ['a phase that is no end', withData({ phase: 'running' }), /data\.phase must be/],
    ['an unknown reason', withData({ reason: 'toString' }), /data\.reason must be/],
    ['a flag as text', withData({ force_sync: 'true' }), /data\.force_sync must be/],
    ['a negative number', withData({ batch_size: -1 }), /data\.batch_size must be/],
    ['another inspection', withData({ inspection_id: 'inspection-00' }), /data\.inspection_id/],
    [
      'an inspection other than its subject',
      withData({ inspection_id: 'inspection-ffffffffffffffff' }),
      /data\.inspection_id must equal subject/,
    ],
  ])('refuses %s', (_what, event, message) => {
    expect(() => parseEvent(bytes(event))).toThrow(message);
    expect(() => parseEvent(bytes(event))).toThrow(AmunError);
  });

  it('refuses what is no JSON, no UTF-8, or too large', () => {
    for (const body of [Uint8Array.of(), Uint8Array.of(0xff, 0xfe), Buffer.from('{"id":')]) {
      expect(() => parseEvent(body)).toThrow(/not JSON in UTF-8/);
    }
    expect(() => parseEvent(new Uint8Array(MAX_EVENT_BYTES + 1))).toThrow(/at most 1048576/);
  });

  it('throws nothing but InvalidEvent, whatever comes', () => {
    const refuse = (body: Uint8Array) => {
      try {
        parseEvent(body);
      } catch (error) {
        if (!isAmunError(error, 'InvalidEvent')) throw error;
      }
    };
    const field = fc.constantFrom(...Object.keys(complete));
    fc.assert(
      fc.property(field, fc.jsonValue(), (name, value) =>
        refuse(bytes({ ...complete, [name]: value })),
      ),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.uint8Array(), refuse));
    refuse(new TextEncoder().encode('['.repeat(500_000)));
  });
});
