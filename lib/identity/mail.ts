/** A letter to one person. `token` is what its link is to carry; it never goes on record. */
export interface Mail {
  /** A normalised address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly token?: string;
}

/** Sends letters. When it returns the letter is on its way, not yet read. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}
