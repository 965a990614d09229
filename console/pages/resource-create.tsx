import { useState } from "preact/hooks";
import { post } from "../api.ts";
import type { Me } from "../documents.ts";
import { say } from "../notices.ts";
import { may } from "../pages.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { type Filled, Form, SelectField, TextField } from "../parts/form.tsx";
import { RESOURCE_TYPES, type Resource, type ResourceType, SPECS, specOf, specText } from "../resources.ts";
import { go, linkTo } from "../router.ts";

/** Makes a resource of whatever type; the form has its spec's fields. */
export function CreateResource({ me, close }: { readonly me: Me; readonly close: () => void }) {
  const types = RESOURCE_TYPES.filter(([type]) => may(me, `${type}:create`));
  const [type, setType] = useState<ResourceType>(types[0]?.[0] ?? "vm");
  const create = async (filled: Filled) => {
    const body = { type, name: filled.text("name"), spec: specOf(type, filled.text) };
    const made = await post<Resource>("/v1/resources", body);
    close();
    say(`${made.name} is on its way.`);
    go(linkTo(`/resources/${made.id}`));
  };
  return (
    <Dialog title="Create a resource" close={close}>
      <Form label="Create" cancel={close} send={create}>
        <SelectField
          label="Type"
          name="type"
          value={type}
          options={types}
          onChange={(value) => setType(types.find(([name]) => name === value)?.[0] ?? type)}
        />
        <TextField label="Name" name="name" required autofocus />
        <SpecFields type={type} spec={{}} key={type} />
      </Form>
    </Dialog>
  );
}

/** The fields of a type's spec, with what they are now. */
export function SpecFields(props: {
  readonly type: ResourceType;
  readonly spec: Readonly<Record<string, unknown>>;
}) {
  return (
    <div class="columns">
      {SPECS[props.type].map((field) => (
        <TextField
          key={field.name}
          label={field.label}
          name={field.name}
          value={specText(props.spec, field) || field.start}
          required={field.is !== "list"}
          {...(field.is === "whole" || field.is === "number"
            ? { type: "number" as const, step: field.is === "whole" ? "1" : "any", min: "0" }
            : {})}
        />
      ))}
    </div>
  );
}
