/**
 * Takes the access token out of an answer that throws the request back.
 *
 * A debugging proxy or a portal may print the headers that it was sent into its error, and from there they would come
 * into messages, logs and results that are mailed around.
 */

const WITHHELD = "<access token>";

/** @param sent Headers of the request. */
export function withholdToken(
  answer: { readonly headers: Headers; readonly text: string },
  sent: ConstructorParameters<typeof Headers>[0],
): { readonly headers: Headers; readonly text: string } {
  const token = /^Bearer (\S+)$/i.exec(new Headers(sent).get("authorization") ?? "")?.[1];
  if (token === undefined) return answer;
  const withhold = (text: string) => text.replaceAll(token, WITHHELD);
  const headers = new Headers();
  for (const [name, value] of answer.headers) headers.append(name, withhold(value));
  return { headers, text: withhold(answer.text) };
}
