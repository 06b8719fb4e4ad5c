using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults;

/// <summary>
/// How a module reads its section of the configuration: all of it, at start, or not at all.
/// </summary>
public static class Settings
{
    /// <summary>
    /// Binds a section and registers the result as a singleton, by its own type and as <c>IOptions</c>. A key
    /// that
    /// <typeparamref name="TOptions"/> does not have, a value that cannot be read, and one that its
    /// DataAnnotations or <paramref name="refuse"/> do not accept end the start.
    /// </summary>
    /// <param name="refuse">Null when all is well; otherwise what is wrong and what to give instead.</param>
    public static TOptions AddSettings<TOptions>(
        this IHostApplicationBuilder builder, string section, Func<TOptions, string?>? refuse = null)
        where TOptions : class, new()
    {
        var options = Read(builder.Configuration, section, refuse);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(Options.Create(options));
        return options;
    }

    /// <summary>
    /// Reads and checks a section, as <see cref="AddSettings"/> does, without registering it.
    /// </summary>
    public static TOptions Read<TOptions>(
        IConfiguration configuration, string section, Func<TOptions, string?>? refuse = null)
        where TOptions : class, new()
    {
        var values = configuration.GetSection(section);
        SectionShape.Check(values, typeof(TOptions));

        var options = new TOptions();
        values.Bind(options);

        var refusals = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new(options), refusals, validateAllProperties: true))
        {
            var key = $"{section}:{refusals[0].MemberNames.FirstOrDefault()}".TrimEnd(':');
            throw new SettingRefusedException(
                $"{key} is \"{configuration[key]}\": {refusals[0].ErrorMessage}");
        }

        return refuse?.Invoke(options) is { } refusal
            ? throw new SettingRefusedException($"{section}: {refusal}")
            : options;
    }
}
