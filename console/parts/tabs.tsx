/** Parts of a page, each with an address of its own. */
export function Tabs(props: {
  readonly label: string;
  readonly current: string;
  readonly tabs: ReadonlyArray<{ readonly name: string; readonly title: string; readonly link: string }>;
}) {
  return (
    <nav class="tabs" aria-label={props.label}>
      <ul>
        {props.tabs.map(({ name, title, link }) => (
          <li key={name}>
            <a href={link} aria-current={name === props.current ? "page" : undefined}>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
