// Runs the client inside a program that carries its .NET in itself, and cannot be told to run another: as its startup
// hook, which never returns. CLIENT says where the client is; assemblies come from the task root.
using System;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;

internal class StartupHook
{
    public static void Initialize()
    {
        var task = Environment.GetEnvironmentVariable("LAMBDA_TASK_ROOT");
        AssemblyLoadContext.Default.Resolving += (context, name) =>
        {
            var file = Path.Combine(task, name.Name + ".dll");
            return File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
        };
        var client = Assembly.LoadFrom(Environment.GetEnvironmentVariable("CLIENT"));
        var arguments = new object[] { new[] { Environment.GetEnvironmentVariable("_HANDLER") } };
        Environment.Exit((int)client.EntryPoint.Invoke(null, arguments));
    }
}
