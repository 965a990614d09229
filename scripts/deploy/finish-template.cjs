/**
 * The last touch to the template, where serverless.yml has no words for it: logs are under the key of one's own where
 * there is one, and the role that Serverless makes for functions without their own goes, for there is no such function.
 */
module.exports = class FinishTemplate {
  constructor(serverless) {
    this.hooks = {
      "after:aws:package:finalize:mergeCustomProviderResources": () => {
        const { Resources: resources } = serverless.service.provider.compiledCloudFormationTemplate;
        const kmsKeyArn = serverless.configurationInput.custom.logs.kmsKeyId;
        for (const { Type: type, Properties: properties } of Object.values(resources)) {
          if (type === "AWS::Logs::LogGroup") properties.KmsKeyId = kmsKeyArn;
        }
        const { IamRoleLambdaExecution: shared, ...own } = resources;
        if (shared !== undefined && !JSON.stringify(own).includes('"IamRoleLambdaExecution"')) {
          delete resources.IamRoleLambdaExecution;
        }
      },
    };
  }
};
