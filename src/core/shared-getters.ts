/**
 * Objects whose fields are worked out when they are read, by getters that all objects of a kind share.
 *
 * Such an object holds no more than where it is read from. It is an object like any other: its fields are its own, so it
 * can be spread, written as JSON, cloned and compared; nothing can be assigned to them. V8 keeps the getters once for all
 * objects of a kind. A list or an object in a field may be made anew each time it is read.
 */

/** How each field is read: from what many objects share, and what tells this one from the others, a number mostly. */
export type Readers<Source, At, Value> = {
  readonly [Field in keyof Value]: (source: Source, at: At) => Value[Field];
};

class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: private fields are then put on the object that was given.
    return object;
  }
}

/** Where an object is read from: private fields on a plain object, since a class would show in every comparison. */
class Place extends Given {
  readonly #source: unknown;
  readonly #at: unknown;

  constructor(record: object, source: unknown, at: unknown) {
    super(record);
    this.#source = source;
    this.#at = at;
  }

  static read<Source, At, Field>(record: Place, reader: (source: Source, at: At) => Field): Field {
    // Whoever puts a reader on an object gives it what the reader wants.
    return reader(record.#source as Source, record.#at as At);
  }
}

/**
 * Makes a maker of such objects.
 *
 * @param readers In the order in which the fields shall stand.
 * @returns Makes one object; all that come of one maker have the same getters.
 */
export function createGetters<Source, At, Value extends object>(
  readers: Readers<Source, At, Value>,
): (source: Source, at: At) => Value {
  // The same getters in the same order, put on what the same function made: V8 gives all of these objects one hidden
  // class. With other getters on what another kind's function made they would each become a table, of 3 KiB.
  const Plain = function Plain() {
    // Makes what `{}` makes, without the room that is left there for fields to come.
  } as unknown as new () => object;
  Plain.prototype = Object.prototype;
  const getters = Object.entries<(source: Source, at: At) => unknown>(readers).map(
    ([field, reader]): [string, PropertyDescriptor] => {
      const get = function (this: Place) {
        return Place.read(this, reader);
      };
      return [field, { get, enumerable: true, configurable: true }];
    },
  );
  return (source, at) => {
    const record = new Plain();
    new Place(record, source, at);
    for (const [field, getter] of getters) Object.defineProperty(record, field, getter);
    // It has every field of a Value, read as a Value's are.
    return record as Value;
  };
}
