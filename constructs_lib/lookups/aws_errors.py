"""AWS's refusals and failures, each as one line that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore import exceptions as aws

from constructs_lib.lookups.actions import action_of
from constructs_lib.lookups.failure import LookupFailedError

# What AWS's error codes mean; `{action}`, `{code}` and `{subject}` are filled in.
_REFUSALS = {
    "no permission for {action} ({code}): the README has the policy that a look-up needs": (
        "AccessDenied AccessDeniedException NotAuthorized OptInRequired UnauthorizedOperation"
    ),
    "AWS throttles {action} ({code}), after several attempts: try again in a minute": (
        "RequestLimitExceeded RequestThrottled RequestThrottledException ThrottledException Throttling "
        "ThrottlingException TooManyRequestsException"
    ),
    "AWS does not accept the credentials ({code}): sign in again, or check the clock of this machine": (
        "AuthFailure ExpiredToken ExpiredTokenException IncompleteSignature InvalidAccessKeyId InvalidClientTokenId "
        "InvalidSignatureException MissingAuthenticationToken RequestExpired SignatureDoesNotMatch "
        "UnrecognizedClientException"
    ),
    "AWS failed at {action} ({code}): try again in a minute": (
        "InternalFailure InternalServerError ServiceUnavailable ServiceUnavailableException"
    ),
    "{subject} was not found in this account and region ({code})": (
        "DBInstanceNotFound DBInstanceNotFoundFault DBClusterNotFound DBClusterNotFoundFault"
    ),
}
_BY_CODE = {code: text for text, codes in _REFUSALS.items() for code in codes.split()}

_OTHER = "AWS refuses {action} for {subject} ({code})"
_OTHER_NOT_FOUND = "AWS does not find what {subject} refers to ({code}): try again, it may just have been deleted"

# The first that fits counts, so a class stands before those it derives from.
_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (aws.NoRegionError, "no AWS region is set: give --region, or set AWS_REGION or the region of the profile"),
    (aws.InvalidRegionError, "the AWS region is no name of a region: give one like eu-west-1"),
    (aws.NoCredentialsError, "no AWS credentials were found: give --profile, or set AWS_PROFILE or AWS_ACCESS_KEY_ID"),
    (aws.PartialCredentialsError, "the AWS credentials are incomplete: an access key needs its secret"),
    (aws.ProfileNotFound, "the AWS profile is not configured: `aws configure list-profiles` lists those that are"),
    (aws.CredentialRetrievalError, "the AWS credentials cannot be retrieved: run the command that the profile names"),
    (aws.SSOError, "the AWS sign-in has expired or is missing: run `aws sso login`"),
    (aws.TokenRetrievalError, "the AWS sign-in has expired or is missing: run `aws sso login`"),
    (aws.ConnectTimeoutError, "AWS did not answer in time: check the region and the network"),
    (aws.ReadTimeoutError, "AWS did not answer in time: check the region and the network"),
    (aws.SSLError, "the certificate of AWS is not trusted here: check the proxy and AWS_CA_BUNDLE"),
    (aws.ConnectionError, "AWS cannot be reached: check the region and the network"),
    (aws.HTTPClientError, "AWS cannot be reached: check the region and the network"),
)


@contextmanager
def aws_errors(subject: str) -> Iterator[None]:
    """Turn what botocore raises into LookupFailedError; `subject` is what was looked up, as in `DB instance 'orders'`.

    AWS's own texts are not shown: they may quote the request, whose headers hold a session token.
    """
    try:
        yield
    except aws.ClientError as error:
        raise LookupFailedError(_refusal(error, subject)) from None
    except aws.ParamValidationError:
        raise LookupFailedError(f"{subject} is no name that AWS accepts") from None
    except aws.BotoCoreError as error:
        raise LookupFailedError(_failure(error)) from None


def _refusal(error: aws.ClientError, subject: str) -> str:
    code = str(error.response.get("Error", {}).get("Code", "an unnamed error"))
    action = action_of(error.operation_name)
    if action is None:
        return f"AWS gives no credentials for this profile: it refuses {error.operation_name} ({code})"
    text = _BY_CODE.get(code, _OTHER_NOT_FOUND if "NotFound" in code else _OTHER)
    return text.format(action=action, code=code, subject=subject)


def _failure(error: aws.BotoCoreError) -> str:
    for kind, text in _FAILURES:
        if isinstance(error, kind):
            return text
    return f"AWS cannot be asked ({type(error).__name__})"
